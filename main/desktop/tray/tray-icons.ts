import { join } from 'node:path'
import { type NativeImage, nativeImage } from 'electron'
import type { TrayIcon } from './tray-model.ts'

/**
 * The picture of a tray state. macOS colours template images itself; elsewhere the panel is taken to be as
 * dark as the system's theme.
 */
export function trayImage(folder: string, icon: TrayIcon, dark: boolean): NativeImage {
  if (process.platform !== 'darwin') return nativeImage.createFromPath(join(folder, `${icon}-${dark ? 'white' : 'black'}.png`))
  const image = nativeImage.createFromPath(join(folder, `${icon}Template.png`))
  image.setTemplateImage(true)
  return image
}
