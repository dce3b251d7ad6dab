import {
  Agent,
  type AgentContext,
  type BaseRecord,
  type BaseRecordConstructor,
  ConsoleLogger,
  InjectionSymbols,
  Kms,
  LogLevel,
  RecordDuplicateError,
  RecordNotFoundError,
  type StorageService,
} from '@credo-ts/core'
import { agentDependencies, NodeInMemoryKeyManagementStorage, NodeKeyManagementService } from '@credo-ts/node'

// A Credo agent that keeps everything in memory. Credo stands on @openid4vc, dcql and @sd-jwt: it shares dcql with
// us and nothing else, so it is a second opinion on OpenID4VCI and SD-JWT VC but not on the matching of queries.

type AnyRecord = BaseRecord<Record<string, never>, Record<string, never>>

class MemoryStorage implements StorageService<AnyRecord> {
  readonly supportsCursorPagination = false
  readonly #records = new Map<string, AnyRecord>()

  async save(_context: AgentContext, record: AnyRecord): Promise<void> {
    if (this.#records.has(record.id)) throw new RecordDuplicateError('exists', { recordType: record.type })
    this.#records.set(record.id, record.clone())
  }
  async update(_context: AgentContext, record: AnyRecord): Promise<void> {
    if (!this.#records.has(record.id)) throw new RecordNotFoundError('unknown', { recordType: record.type })
    this.#records.set(record.id, record.clone())
  }
  async delete(_context: AgentContext, record: AnyRecord): Promise<void> {
    this.#records.delete(record.id)
  }
  async deleteById(
    _context: AgentContext,
    _kind: BaseRecordConstructor<AnyRecord>,
    id: string,
  ): Promise<void> {
    this.#records.delete(id)
  }
  async getById(
    _context: AgentContext,
    kind: BaseRecordConstructor<AnyRecord>,
    id: string,
  ): Promise<AnyRecord> {
    const record = this.#records.get(id)
    if (!record) throw new RecordNotFoundError('unknown', { recordType: kind.type })
    return record.clone()
  }
  async updateByIdWithLock(
    context: AgentContext,
    kind: BaseRecordConstructor<AnyRecord>,
    id: string,
    change: (record: AnyRecord) => Promise<AnyRecord>,
  ): Promise<AnyRecord> {
    const changed = await change(await this.getById(context, kind, id))
    await this.update(context, changed)
    return changed
  }
  async getAll(_context: AgentContext, kind: BaseRecordConstructor<AnyRecord>): Promise<AnyRecord[]> {
    return [...this.#records.values()]
      .filter((record) => record.type === kind.type)
      .map((record) => record.clone())
  }
  async findByQuery(
    context: AgentContext,
    kind: BaseRecordConstructor<AnyRecord>,
    query: object,
  ): Promise<AnyRecord[]> {
    const all = await this.getAll(context, kind)
    return all.filter((record) =>
      matches(record.getTags() as Record<string, unknown>, query as Record<string, unknown>),
    )
  }
}

function matches(tags: Record<string, unknown>, query: Record<string, unknown>): boolean {
  return Object.entries(query).every(([name, wanted]) => {
    if (wanted === undefined) return true
    if (name === '$or') {
      // Credo 0.6.3 looks for `ldp_vc` with no alternatives at all, and sifts afterwards.
      const parts = wanted as Record<string, unknown>[]
      return parts.length === 0 || parts.some((part) => matches(tags, part))
    }
    if (name === '$and') return (wanted as Record<string, unknown>[]).every((part) => matches(tags, part))
    if (name === '$not') return !matches(tags, wanted as Record<string, unknown>)
    const tag = tags[name]
    return Array.isArray(wanted) && Array.isArray(tag)
      ? wanted.every((item) => tag.includes(item))
      : tag === wanted
  })
}

/** Credo's own module types drive what `agent` offers. */
export async function createCredoAgent<
  Modules extends NonNullable<ConstructorParameters<typeof Agent>[0]['modules']>,
>(modules: Modules) {
  const agent = new Agent({
    config: {
      allowInsecureHttpUrls: true,
      autoUpdateStorageOnStartup: true,
      logger: new ConsoleLogger(LogLevel.off),
    },
    dependencies: agentDependencies,
    modules: {
      storage: {
        register: (manager: { registerInstance(token: symbol, instance: unknown): void }) =>
          manager.registerInstance(InjectionSymbols.StorageService, new MemoryStorage()),
      },
      kms: new Kms.KeyManagementModule({
        backends: [new NodeKeyManagementService(new NodeInMemoryKeyManagementStorage())],
      }),
      ...modules,
    } as Modules,
  })
  await agent.initialize()
  return agent
}
