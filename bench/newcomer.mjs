#!/usr/bin/env node
// Measures how long a new gateway takes to load a catalogue from the journal and become ready. Another gateway has read
// the catalogue from invented feeds, which are stopped first. Prints one item of a Markdown list.
//
//   cargo build --release && node bench/newcomer.mjs [--feeds 40] [--services 5000]
//
// Needs Node 20 and PostgreSQL's server programs. Both gateways and PostgreSQL run on this machine.

import { parseArgs } from 'node:util'
import { Feed } from './replicas/feeds.mjs'
import { Gateway } from './replicas/gateway.mjs'
import { Postgres } from './replicas/postgres.mjs'
import { endAll, freePort, sleep, until } from './replicas/processes.mjs'

const option = (value) => ({ type: 'string', default: value })
const { values } = parseArgs({
  options: { gateway: option('target/release/oruk-gateway'), feeds: option('40'), services: option('5000') },
})
const [feedCount, services] = [Number(values.feeds), Number(values.services)]
/** Long enough for the leader to write a snapshot: it checks every 15 seconds whether one is due. */
const SETTLED_AFTER = 40_000

async function main() {
  const ports = await Promise.all([0, 1, 2].map(freePort))
  const postgres = new Postgres(ports.pop())
  await postgres.start()
  const feeds = Array.from({ length: feedCount }, (_, number) => new Feed(values.gateway, number, services, 'hsds-3'))
  for (const feed of feeds) await feed.start()
  const feedPorts = feeds.map((feed) => feed.port)
  const [leader, newcomer] = ports.map((port, number) =>
    new Gateway(values.gateway, number, postgres.port, port, feedPorts, '1d', 1000))
  leader.start()
  const total = feedCount * services
  await until('everything is read', 1_800_000, async () => {
    const answer = await leader.query('{ services(first: 0) { totalCount complete } }').catch(() => null)
    const found = answer && JSON.parse(answer.text).data?.services
    return found?.complete && found.totalCount === total
  })
  await sleep(SETTLED_AFTER)
  for (const feed of feeds) feed.process.kill()
  const snapshot = postgres.sql('select step, parts, bytes from oruk.snapshot order by step desc limit 1').split('|').map(Number)
  const newest = Number(postgres.sql('select max(number) from oruk.step'))
  const began = Date.now()
  newcomer.start()
  await until('the newcomer is ready', 600_000, async () => (await newcomer.get('/health/ready').catch(() => null))?.status === 200)
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(`- ${total} services: ready after ${seconds} s; steps 1 to ${snapshot[0]} of ${newest} from a snapshot of \
${(snapshot[2] / 1048576).toFixed(0)} MiB in ${snapshot[1]} parts, the rest one by one.`)
  const [one, other] = [await timed(leader), await timed(newcomer)]
  if (one.text !== other.text) {
    throw new Error(`the newcomer answers otherwise:\n${other.text.slice(0, 400)}\n${one.text.slice(0, 400)}`)
  }
  console.log(`  It answers as the leader does: first after ${other.took} ms, the leader after ${one.took} ms.`)
}

/** Returns a gateway's answer to the query that must have the same answer on all, and the milliseconds it took. */
async function timed(gateway) {
  const began = performance.now()
  const text = await gateway.all()
  return { text, took: Math.round(performance.now() - began) }
}

let isWell = false
try {
  await main()
  isWell = true
} catch (error) {
  console.error(error)
} finally {
  await endAll()
}
process.exit(isWell ? 0 : 1)
