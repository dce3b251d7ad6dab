import { type Environment, endWith, readSettings } from './environment.ts'
import { createLog, type Log, logError } from './log.ts'
import { makePrivateFolder } from './private-file.ts'
import { type Served, type ServeOptions, serve } from './serve.ts'

export interface OpenedProgram<Config> {
  readonly config: Config
  readonly log: Log
  /** Listens where the settings say; a fault at the start ends the program, with a message that names file or host. */
  serve(start: ServeOptions['start']): Promise<Served>
}

/** What every program begins with: its settings, its log, and its folder, where it has one. */
export function openProgram<Config extends { host: string; port: number; dataDir?: string }>(
  name: string,
  readConfig: (environment: Environment) => Config,
): OpenedProgram<Config> {
  const { settings: config, unknown } = readSettings(name, readConfig)
  const { host, port, dataDir } = config
  const log = createLog(name)
  for (const setting of unknown) log('unknown-setting', { ...setting })
  try {
    if (dataDir !== undefined) makePrivateFolder(dataDir)
  } catch (error) {
    endWith(error)
  }
  return {
    config,
    log,
    serve: (start) =>
      serve({ name, host, port, log, start }).catch((error: unknown) => {
        logError(log, error)
        return endWith(error)
      }),
  }
}
