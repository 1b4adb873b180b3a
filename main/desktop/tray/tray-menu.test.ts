import { describe, expect, it } from 'vitest'
import { menuTemplate } from './tray-menu.ts'
import type { TrayCommand } from './tray-model.ts'

describe('the native menu', () => {
  it('shows labels as they are, also an ampersand', () => {
    const [note, row] = menuTemplate(
      [
        { kind: 'note', id: 'n', label: 'R&D' },
        { kind: 'menu', id: 'm', label: 'Q & A', enabled: true, items: [{ kind: 'separator', id: 's' }] },
      ],
      () => {},
    )
    expect(note).toEqual({ id: 'n', label: 'R&&D', enabled: false })
    expect(row).toMatchObject({ label: 'Q && A', enabled: true, submenu: [{ type: 'separator' }] })
  })

  it('runs the command of the item that is clicked', () => {
    const ran: TrayCommand[] = []
    const command: TrayCommand = { type: 'pause_job', jobId: 'job-1' }
    const [item] = menuTemplate([{ kind: 'command', id: 'c', label: 'Pause', enabled: true, command }], (c) => ran.push(c))
    // Electron passes the item, a window and the event; none of them matters.
    item?.click?.call(undefined, undefined as never, undefined, undefined as never)
    expect(ran).toEqual([command])
  })
})
