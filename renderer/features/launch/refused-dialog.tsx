import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { plural } from '../../lib/format.ts'
import { useApp } from '../../state/app-context.ts'
import type { Refusal } from '../../state/app-store.ts'

/** A score that was not started: every finding with its place and what to write instead. */
export function RefusedDialog({ refusal }: { readonly refusal: Refusal }) {
  const { commands, store } = useApp()
  const { file, problem } = refusal
  const { findings } = problem
  return (
    <Dialog
      wide
      title={findings.length > 0 ? 'This score cannot run yet' : 'The job was not started'}
      onClose={store.closeDialog}
      actions={
        <>
          <Button label="Close" autoFocus onPress={store.closeDialog} />
          {file !== null && (
            <Button
              kind="primary"
              label="Try again"
              onPress={() => {
                store.closeDialog()
                void commands.submit(file)
              }}
            />
          )}
        </>
      }
    >
      {file !== null && <p className="mb-3 font-mono text-sm break-all">{file}</p>}
      {findings.length === 0 ? (
        <>
          <p className="text-text break-words">{problem.message}</p>
          {problem.remedy && <p className="mt-1">{problem.remedy}</p>}
        </>
      ) : (
        <>
          <p className="mb-2">{plural(findings.length, 'finding')}. Nothing was started and nothing was changed.</p>
          <ul className="divide-y divide-line rounded-md border border-line">
            {findings.map((finding) => (
              <li
                key={`${finding.line}:${finding.column}:${finding.message}`}
                className="grid grid-cols-[64px_minmax(0,1fr)] gap-2 px-3 py-2"
              >
                <span className="font-mono text-fail text-sm tabular-nums">
                  {finding.line}:{finding.column}
                </span>
                <span className="break-words">
                  <span className="text-text">{finding.message}</span>
                  {finding.remedy && <span className="block text-sm">{finding.remedy}</span>}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
