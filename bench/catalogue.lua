-- The requests that wrk sends for bench/catalogue.sh, at a steady mean rate, and its report. BENCH_KIND names the
-- question: `find`, `wide` (as `find`, but with services that leave facts out), `text`, `ask` (a phrase in everyday
-- words), `count` (services in groups) or `one` (a service by its id). No two requests are equal, so that no cached
-- answer can be used. BENCH_IDS names a file with the ids for `one`.

local kind = os.getenv("BENCH_KIND")
local pace = tonumber(os.getenv("BENCH_PACE")) -- mean milliseconds between the requests of one connection
local ids = {}
if kind == "one" then
  for id in io.lines(os.getenv("BENCH_IDS")) do ids[#ids + 1] = id end
end

local words = { "lunch club", "advice", "carers", "walking", "coffee morning", "food bank", "choir", "befriending" }
local places = {
  { 51.4545, -2.5879 }, { 52.7073, -2.7553 }, { 53.8008, -1.5491 }, { 50.7154, -2.4370 }, { 51.4816, -3.1791 },
}

math.randomseed(os.time())

local function find(unknown)
  local place = places[math.random(#places)]
  local latitude = place[1] + (math.random() - 0.5) / 20
  local longitude = place[2] + (math.random() - 0.5) / 20
  return string.format([[{ services(first: 20, orderBy: { field: DISTANCE }, filter: { text: "%s", age: %d,
    near: { point: { latitude: %.6f, longitude: %.6f, withinMetres: 3000 } }, open: { days: [TUESDAY], from: "12:00", to: "13:00" },
    cost: { free: true }, accessibility: { wheelchair: true }%s }) { totalCount complete
    edges { distance { metres } node { id name organization { name } } }
    facets { organizations { count organization { name } } } } }]],
    words[math.random(#words)], math.random(60, 90), latitude, longitude, unknown or "")
end

local function wide()
  return find(", includeUnknown: true")
end

local function text()
  return string.format([[{ services(first: 20, filter: { text: "%s", age: %d }) { totalCount
    edges { score matches { field snippet } node { id name } }
    facets { sources { count source { key } } taxonomyTerms { count term { name } } statuses { status count }
      days { day count } free { value count } } } }]], words[math.random(#words)], math.random(1, 1000) % 100)
end

local phrases = {
  "no one to talk to", "my gran gets lost", "help with a benefit letter", "need a lift to the clinic", "cant pay the gas bill",
  "somewhere warm to go", "pack in smoking", "struggling since my husband died", "fed up of being on my own all day",
}

local function phrase()
  return string.format([[{ services(first: 20, filter: { ask: "%s", age: %d }) { totalCount
    edges { score matches { asked found field } node { id name } } } }]],
    phrases[math.random(#phrases)], math.random(1, 1000) % 100)
end

local function groups()
  return string.format([[{ serviceStatistics(groupBy: [LOCAL_AUTHORITY], filter: { age: %d }) { totalRows
    rows { services } } }]], math.random(1, 1000) % 100)
end

local function one()
  return string.format([[{ service(id: "%s") { name description organization { name } schedules { byday } } }]],
    ids[math.random(#ids)])
end

local ask = ({ find = find, wide = wide, text = text, ask = phrase, count = groups, one = one })[kind]

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"

local count = 0
function request()
  count = count + 1
  local query = ask():gsub("%s+", " "):gsub('"', '\\"')
  return wrk.format(nil, nil, nil, string.format('{"query":"query Q%d_%d %s"}', os.time(), count, query))
end

-- Random, so that the connections do not all send at once and wait for each other.
function delay()
  return math.random(0, 2 * pace)
end

dofile("bench/report.lua")
