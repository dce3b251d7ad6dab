import { type Environment, readSettings } from './environment.ts'
import { createLog, type Log } from './log.ts'
import { makePrivateFolder } from './private-file.ts'
import { type Served, type ServeOptions, serve } from './serve.ts'

export interface OpenedProgram<Config> {
  readonly config: Config
  readonly log: Log
  /** Listens where the settings say. */
  serve(start: ServeOptions['start']): Promise<Served>
}

/** What every program begins with: its settings, its log, and its folder, where it has one. */
export function openProgram<Config extends { host: string; port: number; dataDir?: string }>(
  name: string,
  readConfig: (environment: Environment) => Config,
): OpenedProgram<Config> {
  const config = readSettings(readConfig)
  const { host, port, dataDir } = config
  const log = createLog(name)
  if (dataDir !== undefined) makePrivateFolder(dataDir)
  return { config, log, serve: (start) => serve({ name, host, port, log, start }) }
}
