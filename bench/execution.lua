-- The requests that wrk sends for bench/execution.sh, and its report. BENCH_QUERY names the file with the query, and
-- BENCH_VALUES a file with the variables of one request on each line. BENCH_KIND says what differs between requests:
-- `equal` (nothing), `variables` (the variables) or `texts` (the variables and the name of the operation).

local function lines(name)
  local found = {}
  for line in io.lines(assert(os.getenv(name))) do
    found[#found + 1] = line
  end
  return found
end

local file = assert(io.open(os.getenv("BENCH_QUERY")))
local query = file:read("*a"):gsub("%s+", " ")
file:close()
local values, kind = lines("BENCH_VALUES"), os.getenv("BENCH_KIND")
local run, count = os.time(), 0

local function body()
  local nth = kind == "equal" and 1 or count % #values + 1
  local name = kind == "texts" and "Q" .. run .. "_" .. count or "Q"
  return string.format('{"query":"query %s%s","variables":%s}', name, query, values[nth])
end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"

function request()
  count = count + 1
  return wrk.format(nil, nil, nil, body())
end

dofile("bench/report.lua")
