package rest

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// appendSearch writes the answer to a search. Every hit has every member, so that a
// pick-list need not know that an absent one is empty.
func appendSearch(dst []byte, req *searchRequest, resp *operation.SearchResponse) []byte {
	dst = fhir.AppendString(append(dst, `{"query":`...), req.Text)
	dst = strconv.AppendInt(append(dst, `,"total":`...), int64(resp.Total), 10)
	dst = strconv.AppendBool(append(dst, `,"totalIsExact":`...), resp.Exact)
	dst = append(dst, `,"hits":[`...)
	for i := range resp.Hits {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendHit(dst, &resp.Hits[i], req.explain)
	}
	dst = append(dst, ']')
	if req.Facets {
		dst = appendFacets(dst, resp.Facets)
	}
	return append(dst, "}\n"...)
}

func appendHit(dst []byte, h *operation.SearchHit, explain bool) []byte {
	dst = fhir.AppendString(append(dst, `{"system":`...), h.Coding.System)
	dst = fhir.AppendString(append(dst, `,"version":`...), h.Coding.Version)
	dst = fhir.AppendString(append(dst, `,"code":`...), h.Coding.Code)
	dst = fhir.AppendString(append(dst, `,"display":`...), h.Coding.Display)
	dst = fhir.AppendString(append(dst, `,"language":`...), h.Language)
	dst = strconv.AppendBool(append(dst, `,"fallback":`...), h.Fallback)
	dst = fhir.AppendString(append(dst, `,"term":`...), h.Term)
	dst = appendMarked(append(dst, `,"marked":[`...), h.Term, h.Marked)
	dst = fhir.AppendString(append(dst, `],"tag":`...), h.Tag)
	dst = strconv.AppendBool(append(dst, `,"inactive":`...), h.Inactive)
	dst = fhir.AppendString(append(dst, `,"match":`...), h.Class)
	if explain {
		dst = strconv.AppendInt(append(dst, `,"rank":{"match":`...), int64(h.Rank.Class), 10)
		dst = strconv.AppendInt(append(dst, `,"tier":`...), int64(h.Rank.Tier), 10)
		dst = fhir.AppendString(append(dst, `,"tierName":`...), h.Rank.TierName)
		dst = strconv.AppendInt(append(dst, `,"letters":`...), int64(h.Rank.Letters), 10)
		dst = strconv.AppendInt(append(dst, `,"document":`...), int64(h.Rank.Document), 10)
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

// appendMarked writes a term in parts, those that were found marked: parts, and not
// places, since programs do not agree on how long a character is.
func appendMarked(dst []byte, term string, spans []terminology.TextSpan) []byte {
	at, first := 0, true
	part := func(end int, match bool) {
		if end = min(end, len(term)); end <= at {
			return
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = fhir.AppendString(append(dst, `{"text":`...), term[at:end])
		dst = append(strconv.AppendBool(append(dst, `,"match":`...), match), '}')
		at = end
	}
	for _, s := range spans {
		part(s.Start, false)
		part(s.End, true)
	}
	part(len(term), false)
	return dst
}

func appendFacets(dst []byte, facets []operation.Facet) []byte {
	dst = append(dst, `,"facets":[`...)
	for i := range facets {
		f := &facets[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = fhir.AppendString(append(dst, `{"name":`...), f.Name)
		dst = strconv.AppendBool(append(dst, `,"countsAreExact":`...), f.Exact)
		dst = append(dst, `,"values":[`...)
		for k, v := range f.Values {
			if k > 0 {
				dst = append(dst, ',')
			}
			dst = fhir.AppendString(append(dst, `{"value":`...), v.Value)
			dst = fhir.AppendString(append(dst, `,"display":`...), v.Display)
			dst = append(strconv.AppendInt(append(dst, `,"count":`...), int64(v.Count), 10), '}')
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, ']')
}

// writeSearchError answers a search that failed, and logs why.
func (s *Server) writeSearchError(c echo.Context, x *call, err error) {
	ctx := c.Request().Context()
	if ctx.Err() != nil && !terminology.TimedOut(ctx) {
		return // the client went away
	}
	if e := (*refusal)(nil); !errors.As(err, &e) {
		s.log.Log(ctx, fhir.ClassOf(terminology.KindOf(err)).Level, "operation failed", "path", searchPath, "err", err)
	}
	s.sendSearchError(c, x, err)
}

// sendSearchError writes an error in the kinds of an OperationOutcome, as the object
// error. The text of a fault of ours stays with us.
func (s *Server) sendSearchError(c echo.Context, x *call, err error) {
	class := fhir.ClassOfError(err)
	status, kind, text := class.HTTP, class.IssueType, terminology.Message(err)
	refused, wrong := (*refusal)(nil), (*parameterError)(nil)
	if errors.As(err, &refused) {
		status, kind = refused.status, refused.issue
	}
	if status == http.StatusInternalServerError {
		text = "the server failed to answer; the fault is ours and has been logged"
	}
	x.out = fhir.AppendString(append(x.out[:0], `{"error":{"kind":`...), kind)
	if errors.As(err, &wrong) {
		x.out = fhir.AppendString(append(x.out, `,"parameter":`...), wrong.name)
		x.out = fhir.AppendString(append(x.out, `,"found":`...), wrong.found)
		x.out = fhir.AppendString(append(x.out, `,"expected":`...), wrong.expected)
	}
	x.out = fhir.AppendString(append(x.out, `,"message":`...), text)
	x.out = append(x.out, "}}\n"...)
	h := c.Response().Header()
	setVary(h, varyLanguage, varyLanguageByOrigin)
	h["Cache-Control"] = notKept
	x.sendJSON(c, status)
}
