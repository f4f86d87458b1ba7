// Invented feeds, and proxies that record which gateway sent each request.

import http from 'node:http'
import { start, until } from './processes.mjs'

const DIALECTS = ['oruk-3', 'hsds-3', 'oruk-1', 'placecube-1', 'outpost', 'open-sessions']

/** The requests to each feed: when they came, and from which gateway. */
export const asked = []

export function countingProxy(feed, port) {
  asked[feed] = []
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((request, response) => {
    asked[feed].push({ at: Date.now(), gateway: Number(request.headers['x-gateway']) })
    const { method, url: path, headers } = request
    const onward = http.request({ host: '127.0.0.1', port: port(), method, path, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
}

/** Returns the longest time, in seconds, for which a gateway still asked a feed after another one had begun to. */
export function longestOverlap() {
  let longest = 0
  for (const requests of asked) {
    const [lastAt, relievedAt] = [new Map(), new Map()]
    for (const { at, gateway } of requests) {
      // After 20 seconds without a request, it counts as having taken the feed over again.
      if (relievedAt.has(gateway) && at - lastAt.get(gateway) < 20_000) {
        longest = Math.max(longest, at - relievedAt.get(gateway))
      }
      relievedAt.delete(gateway)
      lastAt.set(gateway, at)
      for (const other of lastAt.keys()) if (other !== gateway && !relievedAt.has(other)) relievedAt.set(other, at)
    }
  }
  return longest / 1000
}

export class Feed {
  constructor(program, number, services, dialect = DIALECTS[number % DIALECTS.length]) {
    Object.assign(this, { program, number, services, dialect })
  }

  async start() {
    const size = ['--services', String(this.services), '--seed', String(this.number)]
    this.process = start(this.program, ['demo-feed', '--dialect', this.dialect, ...size, '--listen', '127.0.0.1:0'])
    const address = await until('a feed starts', 30_000, () => this.process.said.match(/127\.0\.0\.1:(\d+)/))
    this.port = Number(address[1])
  }

  /** Restarts the feed with three more services. */
  async grow() {
    this.process.kill()
    await this.process.gone
    this.services += 3
    await this.start()
  }
}
