import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import { type CallName, calls } from '../../../preload/contract.ts'
import type { Disposer } from '../../engine/index.ts'
import { answer, type Handlers, notTrusted } from './answer.ts'

export interface Trust {
  /** The contents belong to a window of ours. */
  owns(contents: WebContents): boolean
  /** The address is one of our pages. */
  isOurPage(url: string): boolean
}

/** Only the top frame of one of our windows, while it shows one of our pages, is listened to. */
function isTrusted({ sender, senderFrame }: IpcMainInvokeEvent, trust: Trust): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && trust.owns(sender) && trust.isOurPage(senderFrame.url)
}

/** Answers every call of the contract. */
export function registerCalls(handlers: Handlers, trust: Trust): Disposer {
  const names = Object.keys(calls) as CallName[]
  for (const name of names) {
    ipcMain.handle(name, (event, input: unknown) => (isTrusted(event, trust) ? answer(handlers, name, input) : notTrusted))
  }
  return () => {
    for (const name of names) ipcMain.removeHandler(name)
  }
}
