import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FermataSign } from '../../components/fermata-sign.tsx'
import { useApp } from '../../state/app-context.ts'
import { OpenScoreButton } from '../launch/open-score-button.tsx'

/** The first thing anyone sees of Fermata. */
export function NoJobs() {
  const { commands } = useApp()
  return (
    <EmptyState
      icon={<FermataSign size={44} />}
      title="No jobs yet"
      actions={
        <>
          <Button label="Run the demo" onPress={() => void commands.runDemo()} />
          <OpenScoreButton />
        </>
      }
    >
      <p>Open a score, or drop a score file here, and its job appears in this list.</p>
      <p className="mt-1.5 text-sm">The demo runs a few sheets with a bundled agent: no account, no network, no cost.</p>
    </EmptyState>
  )
}
