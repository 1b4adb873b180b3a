import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApp } from '../state/app-context.ts'
import { Window } from './app.tsx'
import './theme.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <Window app={createApp(window.fermata)} />
  </StrictMode>,
)
