package fhir

import (
	"strconv"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// CacheControl is the parameter table of $cache-control (HL7 terminology ecosystem). The
// id of the cache is that of the header X-Cache-Id.
var CacheControl = &Operation{Name: "cache-control", System: true, Changes: true, Defined: "http://hl7.org/fhir/tools/OperationDefinition/cache-control", Parameters: []Definition{
	{Name: "mode", Type: Code, In: Ecosystem},
	{Name: "sealed", Type: Boolean, In: Ecosystem},
}}

var cacheModes = map[string]operation.CacheMode{"start": operation.StartCache, "end": operation.EndCache, "check": operation.CheckCache}

// CacheRequest reads the parameters of $cache-control.
func CacheRequest(p *Parameters) (operation.CacheRequest, error) {
	with := p.with()
	req := operation.CacheRequest{ID: with.Cache, FHIR: p.FHIR, Client: p.Client, Resources: with.Resources, Unsealed: p.Text("sealed") == "false"}
	n := p.find("mode")
	if n == nil {
		return req, p.missing("mode: want start, end or check")
	}
	mode, ok := cacheModes[n.Text]
	if !ok {
		return req, elementError(terminology.Invalid, n.where(), "want mode start, end or check, not %q", n.Text)
	}
	if req.Mode = mode; mode != operation.StartCache && req.ID == "" {
		return req, elementError(terminology.Invalid, n.where(), "mode %s is about a cache: send its id in the header X-Cache-Id", n.Text)
	}
	return req, nil
}

// AppendCache writes the answer to $cache-control.
func AppendCache(dst []byte, a *operation.CacheResponse) []byte {
	if a.ID == "" {
		return append(dst, `{"resourceType":"Parameters"}`...)
	}
	number := func(name string, n int) {
		dst = appendKey(openParameter(dst, name), "valueInteger")
		dst = append(strconv.AppendInt(dst, int64(n), 10), '}')
	}
	dst = append(dst, openParameters...)
	dst = appendParameter(dst, "cache-id", "valueId", a.ID)
	dst = appendBoolParameter(dst, "sealed", a.Sealed)
	number("resources", a.Resources)
	number("bytes", a.Bytes)
	number("idle-seconds", int(a.Idle.Seconds()))
	return append(dst, closeParameters...)
}
