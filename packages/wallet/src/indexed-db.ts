// What both the keys and the store of a browser's wallet do with IndexedDB.

/** One object store of a database of its own, opened at first use. */
export interface Shelf {
  /** Runs in one transaction, and resolves when it is durable. */
  read<T>(use: (shelf: IDBObjectStore) => IDBRequest<T>): Promise<T>
  write<T>(use: (shelf: IDBObjectStore, resolve: (value: T) => void) => void): Promise<T>
}

const shelfName = 'entries'

export function openShelf(database: string): Shelf {
  let opened: Promise<IDBDatabase> | undefined
  const open = () => {
    opened ??= openDatabase(database).catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    async read(use) {
      const request = use((await open()).transaction(shelfName, 'readonly').objectStore(shelfName))
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    },
    async write<T>(use: (shelf: IDBObjectStore, resolve: (value: T) => void) => void) {
      const transaction = (await open()).transaction(shelfName, 'readwrite', { durability: 'strict' })
      return new Promise<T>((resolve, reject) => {
        let result: T
        transaction.oncomplete = () => resolve(result)
        transaction.onerror = () => reject(transaction.error)
        transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'))
        use(transaction.objectStore(shelfName), (value) => {
          result = value
        })
      })
    },
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(shelfName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
