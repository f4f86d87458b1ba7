// A gateway that shares its catalogue with others through a journal.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratch, sleep, start } from './processes.mjs'

const ANSWERED_WITHIN = 3000
const COMPARED_WITHIN = 30_000

export class Gateway {
  constructor(program, number, journalPort, port, feedPorts, syncEvery = '20s', pace = 50) {
    Object.assign(this, { program, number, port })
    const sources = feedPorts.map((feed, at) =>
      `[[sources]]\nkey = "feed-${at}"\nurl = "http://127.0.0.1:${feed}"\nheaders = { x-gateway = "${number}" }\n`)
    this.configuration = join(scratch, `gateway-${number}.toml`)
    writeFileSync(this.configuration, `[server]
listen = "127.0.0.1:${port}"
[catalogue]
directory = "${join(scratch, `catalogue-${number}`)}"
sync_every = "${syncEvery}"
journal = "postgres://postgres@127.0.0.1:${journalPort}/postgres"
replica_name = "gateway-${number}"
[defaults]
requests_per_second = ${pace}
probe_every = "0s"
${sources.join('')}`)
  }

  /** Gives the gateway a catalogue of its own, without a journal, from its next start on. */
  keepAlone() {
    const text = readFileSync(this.configuration, 'utf8')
    const apart = text.replace(/^journal = .*$/m, '').replace(/catalogue-\d/, 'catalogue-alone')
    writeFileSync(this.configuration, apart)
  }

  start() {
    this.process = start(this.program, ['serve', '--config', this.configuration, '--log', 'warn'])
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.process.gone
  }

  async pause(seconds) {
    this.process.kill('SIGSTOP')
    await sleep(seconds * 1000)
    this.process.kill('SIGCONT')
  }

  async get(path) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { signal: AbortSignal.timeout(ANSWERED_WITHIN) })
    return { status: response.status, text: await response.text() }
  }

  async query(text, within = ANSWERED_WITHIN) {
    const body = JSON.stringify({ query: text })
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(within)
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, { method: 'POST', headers, body, signal })
    return { status: response.status, text: await response.text() }
  }

  async role() {
    const answer = await this.query('{ meta { replica { role } } }').catch(() => null)
    return answer && JSON.parse(answer.text).data?.meta.replica.role
  }

  /** Returns the answer to a query that all gateways must answer the same once they have caught up. */
  async all() {
    const pages = ['', ', orderBy: { field: LAST_MODIFIED, direction: DESC }'].map((order, at) =>
      `p${at}: services(first: 50${order}) { totalCount nodes { id name organization { name } } }`)
    const text = `{ meta { dataVersion } organizations { totalCount } locations { totalCount }
      changes(first: 100) { nodes { kind recordId } pageInfo { endCursor } } ${pages.join(' ')} }`
    return (await this.query(text, COMPARED_WITHIN)).text
  }
}
