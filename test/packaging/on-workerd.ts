import { run } from './in-runtime.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return Response.json(await run(new URL(request.url).searchParams.get('base') as string))
    } catch (error) {
      return new Response(String((error as Error).stack), { status: 500 })
    }
  },
}
