import { join } from 'node:path'
import { app, session } from 'electron'
import { createHandlers } from './desktop/ipc/handlers.ts'
import { createJobFeed } from './desktop/ipc/job-feed.ts'
import { problemOf } from './desktop/ipc/problem.ts'
import { createProblemLog } from './desktop/ipc/problem-log.ts'
import { registerCalls } from './desktop/ipc/register.ts'
import { createLogFollowing } from './desktop/jobs/log-following.ts'
import { openFolder, openScore, submitDemo } from './desktop/jobs/open.ts'
import { type Handover, takeLead } from './desktop/lifecycle/handover.ts'
import { installQuitting } from './desktop/lifecycle/quitting.ts'
import { refuseWhileQuitting, startingNothingWhileQuitting } from './desktop/lifecycle/refuse-while-quitting.ts'
import { setAppMenu } from './desktop/menu/app-menu.ts'
import { createNotifications } from './desktop/notifications/notifications.ts'
import { entryUrl, isOurs } from './desktop/protocol/renderer-files.ts'
import { registerScheme, serveRenderer } from './desktop/protocol/serve.ts'
import { keychain } from './desktop/secrets/keychain.ts'
import { openSecrets } from './desktop/secrets/secret-store.ts'
import { harden } from './desktop/security/harden.ts'
import { parseUrl } from './desktop/shared/url.ts'
import { makeDataFolder } from './desktop/start/data-folder.ts'
import { failToStart } from './desktop/start/failure.ts'
import { startOptions } from './desktop/start/options.ts'
import { tryTray } from './desktop/tray/tray.ts'
import { createTrayCommands } from './desktop/tray/tray-commands.ts'
import { createMainWindow } from './desktop/windows/main-window.ts'
import { observeWhileSeen } from './desktop/windows/observing.ts'
import { createEngine } from './engine/index.ts'

/** Assets and examples: beside the program in a package, in the project's folder during development. */
const resources = app.isPackaged ? process.resourcesPath : join(import.meta.dirname, '../..')
const assetsDir = join(resources, 'assets')
const devServer = app.isPackaged ? null : parseUrl(process.env.ELECTRON_RENDERER_URL ?? '')

/** All that must happen before Electron is ready. Null when another Fermata took over. */
function prepare(): Handover | null {
  app.setName('Fermata')
  app.setAppUserModelId('io.github.fermata')
  const { dataDir, scorePaths } = startOptions(process.argv.slice(1), process.cwd(), app.getAppPath())
  if (dataDir) {
    // Chromium's files and the lock go there too: Fermatas with different data folders know nothing of each other.
    makeDataFolder(dataDir)
    app.setPath('userData', dataDir)
  }
  // Chromium refuses its sandbox to root, who then has to say --no-sandbox; both together do not start.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerScheme()
  return takeLead(scorePaths)
}

async function run(handover: Handover): Promise<void> {
  await app.whenReady()
  const dataDir = app.getPath('userData')
  const problems = createProblemLog()
  /** A click on a notification that comes before the window shows nothing. */
  let showJob: (jobId?: string | null) => void = () => {}
  const notifications = createNotifications((jobId) => showJob(jobId))
  const secrets = openSecrets(join(dataDir, 'secrets.json'), keychain, problems.add)
  const engine = await createEngine({ dataDir, assetsDir, secrets, showNotice: notifications.show, onProblem: problems.add })
  const { events } = engine
  const isQuitting = () => quitting.isDecided()
  const jobs = startingNothingWhileQuitting(engine.jobs, isQuitting)

  harden(session.defaultSession, devServer?.origin ?? null)
  serveRenderer(join(import.meta.dirname, '../renderer'))

  const observe = observeWhileSeen(jobs.observe)
  const window = createMainWindow({
    url: devServer?.href ?? entryUrl,
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    icon: join(assetsDir, 'icons/fermata.png'),
    placeFile: join(dataDir, 'window.json'),
    onLook: () => tray?.looked(),
    onSeen(seen) {
      observe(seen)
      if (!seen) following.follow(null)
    },
  })
  showJob = (jobId) => (jobId ? window.showWith('app.showJob', { jobId }) : window.show())
  const tell = (title: string) => (error: unknown) => {
    const problem = problemOf(error)
    const { message, remedy } = problem
    if (window.isOpen()) window.showWith('app.problem', { title, problem })
    else void notifications.show({ title, body: remedy ? `${message} ${remedy}` : message, jobId: null })
  }
  const showInstruments = () => window.showWith('app.showInstruments', null)
  const chooseScore = async () => {
    refuseWhileQuitting(isQuitting)
    return openScore(jobs, window.visible())
  }
  const showQuitting = () => window.publish('app.quitting', { sheets: quitting.waitsFor() })

  const feed = createJobFeed({ events, list: jobs.list, publish: (batch) => window.publish('jobs.changed', batch) })
  const following = createLogFollowing(jobs, (log) => window.publish('logs.grew', log))
  const handlers = createHandlers({
    jobs,
    follow: following.follow,
    feed,
    pageListens() {
      window.pageListens()
      // A page that has just begun follows nothing yet.
      following.follow(null)
      showQuitting()
    },
    openScore: chooseScore,
    submitDemo: () => submitDemo(jobs, join(resources, 'examples'), dataDir),
    openFolder,
    secrets,
    stay: () => quitting.stay(),
  })
  const stopCalls = registerCalls(handlers, {
    owns: window.owns,
    isOurPage: (url) => isOurs(url) || (devServer !== null && parseUrl(url)?.origin === devServer.origin),
  })
  setAppMenu({
    openScore: () => void chooseScore().then((job) => job && showJob(job.id), tell('The score was not run')),
    showInstruments,
    showUsage: () => window.showWith('app.showUsage', null),
    showSettings: () => window.showWith('app.showSettings', null),
  })
  const tray = await tryTray({
    engine,
    icons: join(assetsDir, 'tray'),
    run: createTrayCommands({
      jobs,
      show: showJob,
      showInstruments,
      quit: app.quit,
      stay: () => quitting.stay(),
      onError: tell('That did not work'),
    }),
    isLookedAt: window.isFocused,
    quitting: () => quitting.waitsFor(),
  })

  const quitting = installQuitting({
    engine,
    visibleWindow: window.visible,
    hasTray: tray !== null,
    onWaiting() {
      tray?.refresh()
      showQuitting()
    },
    async close() {
      for (const stop of [stopCalls, feed.dispose, notifications.dispose, window.close]) stop()
      tray?.dispose()
      await engine.close()
    },
  })
  handover.receive((scorePaths) => {
    window.show()
    for (const path of scorePaths) jobs.submit(path).then(({ id }) => showJob(id), tell('The score was not run'))
  })
  problems.tellTo(tell('Something is wrong'))
}

try {
  const handover = prepare()
  if (handover) run(handover).catch(failToStart)
  else app.exit(0)
} catch (error) {
  void failToStart(error)
}
