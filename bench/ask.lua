-- The requests that wrk sends for bench/load.sh, and its report. BENCH_QUERY names the file with the query. If
-- BENCH_DISTINCT is set, each request names its operation differently, so that no cached answer, document or plan of
-- another request can be used.

local file = assert(io.open(os.getenv("BENCH_QUERY")))
local query = file:read("*a"):gsub("%s+", " ")
file:close()
local distinct = os.getenv("BENCH_DISTINCT")
local run, count = os.time(), 0

local function body(name)
  return string.format('{"query":"query %s %s"}', name, query)
end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"
wrk.body = body("Services")

if distinct then
  function request()
    count = count + 1
    return wrk.format(nil, nil, nil, body("Services_" .. run .. "_" .. count))
  end
end

dofile("bench/report.lua")
