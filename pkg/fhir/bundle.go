package fhir

import (
	"encoding/json"
	"strconv"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Entry is one request of a batch.
type Entry struct {
	Resource json.RawMessage // as it came; nil: none
	Request  EntryRequest
}

// EntryRequest is what an entry asks for, as in Bundle.entry.request.
type EntryRequest struct {
	Method, URL                                        string
	IfNoneMatch, IfModifiedSince, IfMatch, IfNoneExist string
}

// maxEntries is how many requests a batch may have.
const maxEntries = 1000

// ReadBatch reads a Bundle that is a batch. The error is NotSupported for a transaction,
// Invalid for what is no batch, and TooCostly for more than 1000 entries. Names of members
// are those of FHIR, letter by letter.
func ReadBatch(body []byte) ([]Entry, error) {
	object, items, err := readMembers(body, "Bundle.entry")
	if err != nil {
		return nil, err
	}
	t := newTree(object, "Bundle")
	kind, typ := t.text("resourceType"), t.text("type")
	switch {
	case *t.err != nil:
		return nil, *t.err
	case kind != "Bundle":
		return nil, elementError(terminology.Invalid, "resourceType", "want a Bundle, not %q", kind)
	case typ == "transaction":
		return nil, elementError(terminology.NotSupported, "Bundle.type", "transactions are not supported: send the entries as a batch, in which each stands by itself")
	case typ != "batch":
		return nil, elementError(terminology.Invalid, "Bundle.type", "want batch, not %q", typ)
	case len(items) > maxEntries:
		return nil, elementError(terminology.TooCostly, "Bundle.entry", "the batch has %d entries, want %d at most", len(items), maxEntries)
	}
	if err := t.only("a Bundle", "resourceType", "type", "entry", "id", "meta", "implicitRules", "language", "identifier", "timestamp", "total", "link", "signature", "issues"); err != nil {
		return nil, err
	}
	out := make([]Entry, len(items))
	for i, one := range items {
		entry := tree{one.members, "Bundle.entry[" + strconv.Itoa(i) + "]", t.err}
		if err := entry.only("an entry", "resource", "request", "fullUrl", "link", "search", "response", "id", "extension", "modifierExtension"); err != nil {
			return nil, err
		}
		out[i].Resource = one.resource
		if string(one.resource) == "null" {
			out[i].Resource = nil
		}
		if r, ok := entry.child("request"); ok {
			out[i].Request = EntryRequest{r.text("method"), r.text("url"), r.text("ifNoneMatch"), r.text("ifModifiedSince"), r.text("ifMatch"), r.text("ifNoneExist")}
		}
		if *t.err != nil {
			return nil, *t.err
		}
	}
	return out, nil
}

// EntryResponse is what became of one request of a batch.
type EntryResponse struct {
	Status                   string // of HTTP, such as 201 Created
	Location, ETag, Modified string
	Resource                 []byte // JSON; nil: none
	Outcome                  bool   // Resource is what is wrong
}

// AppendBatchResponse writes what became of a batch.
func AppendBatchResponse(dst []byte, entries []EntryResponse) []byte {
	dst = append(dst, `{"resourceType":"Bundle","type":"batch-response"`...)
	if len(entries) > 0 {
		dst = append(appendKey(dst, "entry"), '[')
		for _, e := range entries {
			dst = appendItem(dst)
			if e.Resource != nil && !e.Outcome {
				dst = append(appendKey(dst, "resource"), e.Resource...)
			}
			dst = append(appendKey(dst, "response"), '{')
			dst = appendMember(dst, "status", e.Status)
			dst = appendMember(dst, "location", e.Location)
			dst = appendMember(dst, "etag", e.ETag)
			dst = appendMember(dst, "lastModified", e.Modified)
			if e.Resource != nil && e.Outcome {
				dst = append(appendKey(dst, "outcome"), e.Resource...)
			}
			dst = append(dst, `}}`...)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
