package fhir

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Entry is one request of a batch.
type Entry struct {
	Resource json.RawMessage `json:"resource"`
	Request  struct {
		Method          string `json:"method"`
		URL             string `json:"url"`
		IfNoneMatch     string `json:"ifNoneMatch"`
		IfModifiedSince string `json:"ifModifiedSince"`
		IfMatch         string `json:"ifMatch"`
		IfNoneExist     string `json:"ifNoneExist"`
	} `json:"request"`
}

// maxEntries is how many requests a batch may have.
const maxEntries = 1000

// ReadBatch reads a Bundle that is a batch. The error is NotSupported for a transaction,
// and Invalid for what is no batch.
func ReadBatch(body []byte) ([]Entry, error) {
	if _, err := parseJSON(body); err != nil {
		return nil, err
	}
	var b struct {
		ResourceType string  `json:"resourceType"`
		Type         string  `json:"type"`
		Entry        []Entry `json:"entry"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return nil, elementError(terminology.Invalid, "Bundle."+wrong.Field, "want %s, not %s %s", wantedOf(wrong.Type), article(wrong.Value), wrong.Value)
		}
		return nil, elementError(terminology.Invalid, "Bundle", "%v", err)
	}
	switch {
	case b.ResourceType != "Bundle":
		return nil, elementError(terminology.Invalid, "resourceType", "want a Bundle, not %q", b.ResourceType)
	case b.Type == "transaction":
		return nil, elementError(terminology.NotSupported, "Bundle.type", "transactions are not supported: send the entries as a batch, in which each stands by itself")
	case b.Type != "batch":
		return nil, elementError(terminology.Invalid, "Bundle.type", "want batch, not %q", b.Type)
	case len(b.Entry) > maxEntries:
		return nil, elementError(terminology.TooCostly, "Bundle.entry", "the batch has %d entries, want %d at most", len(b.Entry), maxEntries)
	}
	return b.Entry, nil
}

// wantedOf is what JSON calls a type.
func wantedOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "an array"
	case reflect.String:
		return "a string"
	}
	return "an object"
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an"
	}
	return "a"
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
