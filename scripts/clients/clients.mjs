// Each client is wrapped so that the checks below are written once; a wrapper does no
// more than to call what the client offers for an interaction.

import { Client as Kit } from 'fhir-kit-client'
import smart from 'fhirclient'

const query = (params) => new URLSearchParams(params).toString()
const version = (pkg) => lock.packages[`node_modules/${pkg}`].version
const { default: lock } = await import('./package-lock.json', { with: { type: 'json' } })

function kit(baseUrl) {
  const c = new Kit({ baseUrl })
  return {
    capability: () => c.capabilityStatement(),
    read: (resourceType, id) => c.read({ resourceType, id }),
    vread: (resourceType, id, version) => c.vread({ resourceType, id, version }),
    search: (resourceType, searchParams) => c.search({ resourceType, searchParams }),
    next: (bundle) => c.nextPage({ bundle }),
    create: (body) => c.create({ resourceType: body.resourceType, body }),
    update: (body) => c.update({ resourceType: body.resourceType, id: body.id, body }),
    delete: (resourceType, id) => c.delete({ resourceType, id }),
    history: (resourceType, id) => c.history({ resourceType, id }),
    batch: (body) => c.batch({ body }),
    get: (resourceType, name, input) => c.operation({ resourceType, name, method: 'GET', input }),
    post: (resourceType, name, input) => c.operation({ resourceType: resourceType || undefined, name, method: 'POST', input }),
    status: (err) => err.response?.status,
  }
}

function fhirclient(baseUrl) {
  const c = new smart.FhirClient(baseUrl)
  const send = (url, body) => c.fhirRequest(url, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/fhir+json' } })
  const path = (type, name) => (type ? type + '/' : '') + '$' + name
  return {
    capability: () => c.fhirRequest('metadata'),
    read: (type, id) => c.fhirRequest(`${type}/${id}`),
    vread: (type, id, version) => c.fhirRequest(`${type}/${id}/_history/${version}`),
    search: (type, params) => c.fhirRequest(`${type}?${query(params)}`),
    next: async (bundle) => {
      const pages = c.pages(bundle)
      await pages.next()
      return (await pages.next()).value
    },
    create: (body) => c.create(body),
    update: (body) => c.update(body),
    delete: (type, id) => c.delete(`${type}/${id}`),
    history: (type, id) => c.fhirRequest(`${type}/${id}/_history`),
    batch: (body) => send('', body),
    get: (type, name, params) => c.fhirRequest(`${path(type, name)}?${query(params)}`),
    post: (type, name, body) => send(path(type, name), body),
    status: (err) => err.status ?? err.statusCode,
  }
}

const [baseUrl, release] = process.argv.slice(2)
const clients = { 'fhir-kit-client': kit(baseUrl), fhirclient: fhirclient(baseUrl) }

const sct = 'http://snomed.info/sct'
const heart = `${sct}?fhir_vs=isa/64572001`
const parameters = (...parameter) => ({ resourceType: 'Parameters', parameter })
const value = (p, name) => {
  const found = p.parameter?.find((one) => one.name === name) ?? {}
  return found[Object.keys(found).find((key) => key.startsWith('value'))]
}
const equal = (got, want) => {
  if (got !== want) throw new Error(`${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
}
const fails = async (api, promise, status) => {
  let got
  try {
    await promise
  } catch (err) {
    got = api.status(err)
  }
  equal(got, status)
}
const hand = (name) => ({
  resourceType: 'CodeSystem', url: `http://example.org/${name}`, version: '1', title: 'Hånd', status: 'active', content: 'complete',
  concept: [{ code: 'H', display: 'Hånd', concept: [{ code: 'H1', display: 'Brudd i hånd' }] }],
})

// The checks run in this order with each client; mine is what it has made so far.
const checks = {
  capability: async (api) => equal((await api.capability()).fhirVersion, { r4: '4.0.1', r5: '5.0.0' }[release]),
  create: async (api, mine) => {
    const made = await api.create(hand(mine.name))
    mine.id = made.id
    equal(made.url, `http://example.org/${mine.name}`)
  },
  read: async (api, mine) => equal((await api.read('CodeSystem', mine.id)).title, 'Hånd'),
  update: async (api, mine) => equal((await api.update({ ...hand(mine.name), id: mine.id, title: 'Hånd og fot' })).meta.versionId, '2'),
  vread: async (api, mine) => equal((await api.vread('CodeSystem', mine.id, '1')).title, 'Hånd'),
  history: async (api, mine) => equal((await api.history('CodeSystem', mine.id)).entry.length, 2),
  search: async (api, mine) => equal((await api.search('CodeSystem', { url: `http://example.org/${mine.name}` })).total, 1),
  'search, next page': async (api) => equal((await api.next(await api.search('CodeSystem', { _count: 1 }))).entry.length, 1),
  '$lookup by GET': async (api) => equal(value(await api.get('CodeSystem', 'lookup', { system: sct, code: '22298006' }), 'display'), 'hjerteinfarkt'),
  '$lookup by POST': async (api, mine) =>
    equal(value(await api.post('CodeSystem', 'lookup', parameters({ name: 'coding', valueCoding: { system: `http://example.org/${mine.name}`, code: 'H1' } })), 'display'), 'Brudd i hånd'),
  '$validate-code': async (api) => equal(value(await api.get('CodeSystem', 'validate-code', { url: sct, code: '22298006' }), 'result'), true),
  '$validate-code of a value set': async (api) =>
    equal(value(await api.post('ValueSet', 'validate-code', parameters({ name: 'url', valueUri: heart }, { name: 'coding', valueCoding: { system: sct, code: '73211009x' } })), 'result'), false),
  '$subsumes': async (api) => equal(value(await api.get('CodeSystem', 'subsumes', { system: sct, codeA: '64572001', codeB: '22298006' }), 'outcome'), 'subsumes'),
  '$expand by GET': async (api) => equal((await api.get('ValueSet', 'expand', { url: heart, filter: 'hjerte inf', count: 3 })).expansion.contains[0].display, 'hjerteinfarkt'),
  '$expand by POST': async (api, mine) => {
    const valueSet = { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: `http://example.org/${mine.name}` }] } }
    equal((await api.post('ValueSet', 'expand', parameters({ name: 'valueSet', resource: valueSet }, { name: 'excludeNested', valueBoolean: true }))).expansion.total, 2)
  },
  '$translate': async (api) => {
    const params = release === 'r4' ? { system: sct, code: '57054005', targetsystem: 'http://hl7.org/fhir/sid/icd-10-no' } : { system: sct, sourceCode: '57054005', targetSystem: 'http://hl7.org/fhir/sid/icd-10-no' }
    equal(value(await api.get('ConceptMap', 'translate', params), 'result'), true)
  },
  '$closure': async (api, mine) => {
    const concept = (code) => ({ name: 'concept', valueCoding: { system: sct, code } })
    const name = { name: 'name', valueString: mine.name }
    equal((await api.post('', 'closure', parameters(name))).version, '0')
    const map = await api.post('ConceptMap', 'closure', parameters(name, concept('22298006'), concept('64572001')))
    const target = map.group[0].element[0].target[0]
    equal(target.equivalence ?? target.relationship, { r4: 'subsumes', r5: 'source-is-narrower-than-target' }[release])
    const again = await api.post('', 'closure', parameters(name, { name: 'version', valueString: '0' }))
    equal(again.version + ' ' + again.group[0].element[0].code, map.version + ' 22298006')
  },
  '$cache-control': async (api, mine) => {
    const resource = { ...hand(mine.name + '-cached') }
    equal(typeof value(await api.post('', 'cache-control', parameters({ name: 'mode', valueCode: 'start' }, { name: 'tx-resource', resource })), 'cache-id'), 'string')
  },
  '$batch-validate-code': async (api) => {
    const one = (code) => ({ name: 'validation', resource: parameters({ name: 'url', valueUri: heart }, { name: 'coding', valueCoding: { system: sct, code } }) })
    const all = await api.post('ValueSet', 'batch-validate-code', parameters(one('22298006'), one('1')))
    equal(all.parameter.map((p) => value(p.resource, 'result')).join(' '), 'true false')
  },
  '$versions': async (api) => equal(value(await api.get('', 'versions', { _format: 'json' }), 'default'), { r4: '4.0', r5: '5.0' }[release]),
  batch: async (api) => {
    const request = (url) => ({ request: { method: 'GET', url } })
    const bundle = await api.batch({ resourceType: 'Bundle', type: 'batch', entry: [request(`CodeSystem/$lookup?system=${sct}&code=22298006`), request('CodeSystem/nobody')] })
    equal(bundle.entry.map((e) => e.response.status.slice(0, 3)).join(' '), '200 404')
  },
  delete: async (api, mine) => {
    await api.delete('CodeSystem', mine.id)
    await fails(api, api.read('CodeSystem', mine.id), 410)
  },
  'an error is told': async (api) => fails(api, api.get('CodeSystem', 'lookup', { system: sct, code: '1' }), 404),
}

const rows = []
let failed = 0
for (const name of Object.keys(checks)) rows.push([name])
for (const [client, api] of Object.entries(clients)) {
  const mine = { name: `${client}-${release}` }
  for (const row of rows) {
    try {
      await checks[row[0]](api, mine)
      row.push('ok')
    } catch (err) {
      failed++
      row.push('no')
      console.error(`${client}, ${row[0]}: ${err.message ?? err}`)
    }
  }
}
const head = [`FHIR ${release.toUpperCase()}`, ...Object.keys(clients).map((c) => `${c} ${version(c)}`)]
const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i].length)))
const line = (cells) => '| ' + cells.map((text, i) => text.padEnd(widths[i])).join(' | ') + ' |'
console.log([line(head), line(widths.map((n) => '-'.repeat(n))), ...rows.map(line)].join('\n') + '\n')
process.exit(failed ? 1 : 0)
