package fhir

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// defaultCount is how many resources a page of a search has when the client does not say.
const defaultCount = 50

// Readable lists the types of resources that can be read and searched for.
var Readable = []string{"CodeSystem", "ValueSet", "ConceptMap"}

// Searches are the parameter tables of searches, by type.
var Searches = func() map[string]*Operation {
	out := map[string]*Operation{}
	for _, typ := range Readable {
		out[typ] = &Operation{Resource: typ, Parameters: []Definition{
			{Name: "_id", Type: Code}, {Name: "url", Type: URI}, {Name: "version", Type: String}, {Name: "name", Type: String},
			{Name: "title", Type: String}, {Name: "status", Type: Code}, {Name: "_count", Type: Integer}, {Name: "_offset", Type: Integer},
		}}
	}
	return out
}()

// SearchRequest reads the parameters of a search for resources.
func SearchRequest(p *Parameters) operation.ResourcesRequest {
	return operation.ResourcesRequest{
		Type: p.op.Resource, ID: p.Text("_id"), URL: p.Text("url"), Version: p.Text("version"), Name: p.Text("name"), Title: p.Text("title"),
		Status: p.Text("status"), Count: p.Int("_count", defaultCount), Offset: p.Int("_offset", 0),
	}
}

// AppendSearch writes the resources that a search found as a Bundle.
func AppendSearch(dst []byte, s Server, typ string, a *operation.ResourcesResponse) ([]byte, error) {
	dst = append(dst, `{"resourceType":"Bundle","type":"searchset","total":`...)
	dst = strconv.AppendInt(dst, int64(a.Total), 10)
	if len(a.Resources) > 0 {
		dst = append(appendKey(dst, "entry"), '[')
		for i := range a.Resources {
			r := &a.Resources[i]
			dst = appendMember(appendItem(dst), "fullUrl", s.BaseURL+"/"+typ+"/"+r.ID)
			var err error
			if dst, err = AppendStored(appendKey(dst, "resource"), r); err != nil {
				return dst, err
			}
			dst = append(dst, `,"search":{"mode":"match"}}`...)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}'), nil
}

// AppendStored writes a resource as it was installed, with the id that it has here.
func AppendStored(dst []byte, r *operation.StoredResource) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(r.Raw, &members); err != nil {
		return dst, &terminology.Error{Op: "fhir.AppendStored", Kind: terminology.Corrupt, Err: err}
	}
	dst = append(append(dst, `{"resourceType":`...), members["resourceType"]...)
	dst = appendMember(dst, "id", r.ID)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if key != "resourceType" && key != "id" {
			dst = append(AppendString(append(dst, ','), key), ':')
			dst = append(dst, members[key]...)
		}
	}
	return append(dst, '}'), nil
}
