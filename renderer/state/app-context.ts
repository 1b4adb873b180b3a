import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Bridge } from '../../preload/contract.ts'
import { type AppState, type AppStore, createAppStore } from './app-store.ts'
import { type Commands, createCommands } from './commands.ts'
import { type Connector, connect } from './connect.ts'

/** The window's parts, built once and handed down. */
export interface App {
  readonly bridge: Bridge
  readonly store: AppStore
  readonly commands: Commands
  readonly connector: Connector
}

/** Builds the parts and connects them; `connector.dispose()` lets go again. */
export function createApp(bridge: Bridge): App {
  const store = createAppStore()
  return { bridge, store, commands: createCommands(bridge, store), connector: connect(bridge, store) }
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp needs an AppContext above it.')
  return app
}

/** Draws again only when what `select` returns changes. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useApp().store, select)
}
