package fhir

import (
	"net/url"
	"strconv"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// History is a question for versions as a client writes it.
type History struct {
	operation.HistoryRequest
	values url.Values
}

// ReadHistory reads the query of a history of a type, or of a resource when id is not "".
func ReadHistory(typ, id, query string) (*History, error) {
	values, err := readValues(query)
	if err != nil {
		return nil, err
	}
	h := &History{HistoryRequest: operation.HistoryRequest{Type: typ, ID: id, Count: DefaultPage}, values: values}
	for name, list := range values {
		for _, value := range list {
			switch name {
			case "_format", "_pretty":
			case "_count", "_offset":
				n, err := strconv.Atoi(value)
				if err != nil || n < 0 {
					return nil, elementError(terminology.Invalid, name, "want a whole number from 0 for '%s', not %q", name, value)
				}
				if name == "_offset" {
					h.Offset = n
				} else {
					h.Count = min(n, MaxPage)
				}
			case "_since":
				if h.Since, err = time.Parse(time.RFC3339, value); err != nil {
					return nil, elementError(terminology.Invalid, name, "want a moment such as 2026-11-22T08:00:00Z for '_since', not %q", value)
				}
			default:
				return nil, elementError(terminology.NotSupported, name, "a history has no parameter '%s'", name)
			}
		}
	}
	return h, nil
}

// AppendHistory writes a page of versions as a Bundle.
func AppendHistory(dst []byte, server Server, h *History, resp *operation.HistoryResponse) []byte {
	base := server.BaseURL + "/" + h.Type
	self := base + "/_history"
	if h.ID != "" {
		self = base + "/" + h.ID + "/_history"
	}
	s := Search{values: h.values}
	dst = append(dst, `{"resourceType":"Bundle","type":"history","total":`...)
	dst = strconv.AppendInt(dst, int64(resp.Total), 10)
	dst = appendPages(dst, h.Offset, h.Count, resp.Total, resp.Next, func(offset int) string { return s.link(self, offset) })
	if len(resp.Entries) > 0 {
		dst = append(appendKey(dst, "entry"), '[')
		for i := range resp.Entries {
			r := &resp.Entries[i]
			dst = appendMember(appendItem(dst), "fullUrl", base+"/"+r.ID)
			switch {
			case r.Err != nil:
				dst = AppendOutcome(appendKey(dst, "resource"), notRead(r))
			case !r.Deleted:
				dst = append(appendKey(dst, "resource"), r.Raw...)
			}
			status, address := "200", r.Type+"/"+r.ID
			switch r.Method {
			case "DELETE":
				status = "204"
			case "POST":
				status, address = "201", r.Type
			default:
				if r.Versions <= 1 { // 0: it came with a release
					status = "201"
				}
			}
			dst = append(appendKey(dst, "request"), '{')
			dst = append(appendMember(appendMember(dst, "method", r.Method), "url", address), '}')
			dst = append(appendKey(dst, "response"), '{')
			dst = appendMember(appendMember(dst, "status", status), "etag", ETag(r))
			dst = append(appendMember(dst, "lastModified", Instant(r.Modified)), `}}`...)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
