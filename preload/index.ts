import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'
import type { Bridge, EventName, EventPayload } from './contract.ts'
import { callNames, eventNames } from './names.ts'

function known(names: ReadonlySet<string>, name: string): void {
  if (!names.has(name)) throw new TypeError(`"${name}" is not part of Fermata's contract`)
}

const bridge: Bridge = {
  async call(name, input) {
    known(callNames, name)
    return ipcRenderer.invoke(name, input)
  },

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) {
    known(eventNames, name)
    // Electron's event object carries the sender; it stays on this side.
    const strip = (_event: IpcRendererEvent, payload: EventPayload<N>) => listener(payload)
    ipcRenderer.on(name, strip)
    return () => {
      ipcRenderer.off(name, strip)
    }
  },

  pathOf: (file) => webUtils.getPathForFile(file),
  platform: process.platform,
}

contextBridge.exposeInMainWorld('fermata', bridge)
