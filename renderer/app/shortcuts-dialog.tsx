import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { modKeys } from '../lib/keys.ts'
import { useApp } from '../state/app-context.ts'
import { SHORTCUTS } from './shortcuts.ts'

export function ShortcutsDialog() {
  const { bridge, store } = useApp()
  return (
    <Dialog
      title="Keyboard shortcuts"
      onClose={store.closeDialog}
      actions={<Button label="Close" autoFocus onPress={store.closeDialog} />}
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-sm border border-line-strong bg-panel px-1.5 font-sans text-text text-xs leading-[19px] whitespace-nowrap"
                >
                  {key.startsWith('Mod ') ? modKeys(bridge.platform, key.slice(4)) : key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
