import type { SheetView } from '../../../preload/contract.ts'

/** Why a sheet failed or is tried again, in full: the row beside has no room for it. */
export function SheetProblem({ sheet }: { readonly sheet: SheetView }) {
  if (sheet.status === 'completed' || (sheet.error === null && !sheet.validation?.failures.length)) return null
  const tone = sheet.status === 'failed' ? 'bg-fail/8 text-fail' : 'bg-wait/8 text-wait'
  return (
    <div className={`max-h-[30%] shrink-0 overflow-y-auto border-line border-b px-4 py-2 text-sm select-text ${tone}`}>
      {sheet.error && (
        <p className="font-medium break-words">
          {sheet.error.message} <span className="font-normal">({sheet.error.code})</span>
        </p>
      )}
      {sheet.validation && sheet.validation.failures.length > 0 && (
        <ul className="list-disc pl-4 text-text">
          {sheet.validation.failures.map((failure) => (
            <li key={failure} className="break-words">
              {failure}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
