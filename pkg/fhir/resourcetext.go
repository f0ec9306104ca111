package fhir

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Incoming is a resource that a client wants written.
type Incoming struct {
	Type, ID string
	Meta     string // JSON of meta without versionId and lastUpdated, which are the server's; "" for none
	rest     []byte // members but resourceType, id and meta, each with a comma before it, and }
}

// ReadResource reads a resource of a type, "" for any, and holds it to the elements of
// the standard. The error is Invalid and says where.
func ReadResource(v Version, typ string, body []byte) (*Incoming, error) {
	object, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	in := &Incoming{}
	in.Type, _ = object["resourceType"].(string)
	switch {
	case in.Type == "":
		return nil, elementError(terminology.Invalid, "resourceType", "the object has no resourceType: want a FHIR resource")
	case typ != "" && in.Type != typ:
		return nil, elementError(terminology.Invalid, "resourceType", "want %s, not %q", typ, in.Type)
	case !slices.Contains(operation.ResourceTypes, in.Type):
		return nil, elementError(terminology.NotSupported, "resourceType", "resources of type %q are not kept here, but %s", in.Type, strings.Join(operation.ResourceTypes, ", "))
	}
	if err := checkElements(v, object); err != nil {
		return nil, err
	}
	in.ID, _ = object["id"].(string)
	if in.ID != "" && !ValidID(in.ID) {
		return nil, elementError(terminology.Invalid, in.Type+".id", "%q is no id: want up to 64 letters, digits, - and .", in.ID)
	}
	for _, m := range splitObject(body) {
		switch m.key {
		case "resourceType", "id", "fhir_comments":
		case "meta":
			in.Meta = cleanMeta(m.value)
		default:
			in.rest = append(AppendString(append(in.rest, ','), m.key), ':')
			in.rest = append(in.rest, m.value...)
		}
	}
	in.rest = append(in.rest, '}')
	return in, nil
}

// Text returns the resource under an id, as operation.WriteRequest wants it.
func (in *Incoming) Text(id string) []byte {
	out := AppendString([]byte(`{"resourceType":"`+in.Type+`","id":`), id)
	return append(out, in.rest...)
}

// ValidID reports whether text can be the id of a resource.
func ValidID(text string) bool {
	if text == "" || len(text) > 64 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return true
}

// cleanMeta takes what is the server's out of meta.
func cleanMeta(meta []byte) string {
	out := []byte{'{'}
	for _, m := range splitObject(meta) {
		switch m.key {
		case "versionId", "lastUpdated", "_lastUpdated", "_versionId":
		default:
			out = append(appendKey(out, m.key), m.value...)
		}
	}
	if len(out) == 1 {
		return ""
	}
	return string(append(out, '}'))
}

// objectMember is a member of an object as it is written.
type objectMember struct {
	key   string
	value []byte
}

// splitObject returns the members of an object in valid JSON, in their order.
func splitObject(text []byte) []objectMember {
	var out []objectMember
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	at := bytes.IndexByte(text, '{') + 1
	for at > 0 && at < len(text) {
		for at < len(text) && (text[at] == ',' || text[at] <= ' ') {
			at++
		}
		if at >= len(text) || text[at] != '"' {
			break
		}
		end := skipValue(text, at)
		var key string
		if json.Unmarshal(text[at:end], &key) != nil {
			break
		}
		for at = end; at < len(text) && (text[at] == ':' || text[at] <= ' '); at++ {
		}
		end = skipValue(text, at)
		out = append(out, objectMember{key, text[at:end]})
		at = end
	}
	return out
}

// skipValue returns the end of the value that begins at a place of valid JSON.
func skipValue(text []byte, at int) int {
	depth := 0
	for ; at < len(text); at++ {
		switch c := text[at]; c {
		case '"':
			for at++; at < len(text) && text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
			if depth == 0 {
				return min(at+1, len(text))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
		}
	}
	return at
}

// View says how much of a resource is wanted.
type View struct {
	Summary  string   // true, text, data or count; "" or false: all of it
	Elements []string // only these, and what every resource must have; none: all
}

func (v View) whole() bool { return (v.Summary == "" || v.Summary == "false") && len(v.Elements) == 0 }

// mandatory are the elements that no view leaves out.
var mandatory = []string{"status", "content", "kind", "uniqueId"}

// bulky are the elements that are in no summary (FHIR marks what is with Σ).
var bulky = []string{"text", "contained", "extension", "modifierExtension", "description", "purpose", "copyright", "copyrightLabel", "concept", "compose", "expansion", "group", "usage", "approvalDate", "lastReviewDate", "topic", "author", "editor", "reviewer", "endorser", "relatedArtifact", "uniqueId"}

// has reports whether a view wants an element.
func (v View) has(element string) bool {
	name := strings.TrimPrefix(element, "_")
	switch {
	case len(v.Elements) > 0:
		return slices.Contains(v.Elements, name) || slices.Contains(mandatory, name)
	case v.Summary == "true":
		return !slices.Contains(bulky, name)
	case v.Summary == "text":
		return name == "text" || slices.Contains(mandatory, name)
	case v.Summary == "data":
		return name != "text"
	}
	return true
}

// subsetted is the tag of a resource that is not whole.
const subsetted = `{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}`

// AppendResource writes a resource with its id and meta, as far as a view wants it.
func AppendResource(dst []byte, v Version, s Server, r *operation.Resource, view View) []byte {
	raw := r.Raw
	if r.Made != nil {
		raw = appendMade(nil, v, s, r)
	}
	converted := false
	if r.Type == "ConceptMap" && r.Made == nil {
		in := conceptMapIn(v, raw)
		converted = len(in) != len(raw) || !bytes.Equal(in, raw)
		raw = in
	}
	dst = append(append(append(dst, `{"resourceType":"`...), r.Type...), '"')
	dst = appendMember(dst, "id", r.ID)
	if r.Written() && view.whole() && !converted {
		dst = appendMeta(dst, r, r.Meta, false)
		return append(dst, raw[len(`{"resourceType":"","id":""`)+len(r.Type)+len(r.ID):]...)
	}
	members := splitObject(raw)
	meta := r.Meta
	for _, m := range members {
		if m.key == "meta" {
			meta = cleanMeta(m.value)
		}
	}
	dst = appendMeta(dst, r, meta, !view.whole())
	for _, m := range members {
		if m.key == "resourceType" || m.key == "id" || m.key == "meta" || !view.has(m.key) {
			continue
		}
		dst = append(AppendString(append(dst, ','), m.key), ':')
		dst = append(dst, m.value...)
	}
	return append(dst, '}')
}

// appendMeta writes meta: what the client gave, and what the server knows.
func appendMeta(dst []byte, r *operation.Resource, given string, partial bool) []byte {
	if !r.Written() && given == "" && !partial && r.Modified.IsZero() {
		return dst
	}
	dst = append(appendKey(dst, "meta"), '{')
	if r.Written() {
		dst = appendMember(dst, "versionId", strconv.FormatUint(r.Versions, 10))
	}
	if !r.Modified.IsZero() {
		dst = appendMember(dst, "lastUpdated", Instant(r.Modified))
	}
	tagged := false
	for _, m := range splitObject([]byte(given)) {
		dst = append(appendKey(dst, m.key), m.value...)
		if m.key == "tag" && partial && len(m.value) > 0 && m.value[len(m.value)-1] == ']' {
			dst, tagged = append(append(dst[:len(dst)-1], ','), subsetted+"]"...), true
		}
	}
	if partial && !tagged {
		dst = append(appendKey(dst, "tag"), '[')
		dst = append(dst, subsetted+"]"...)
	}
	return append(dst, '}')
}

// Instant writes a moment as FHIR's instant.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ETag is the entity tag of a version of a resource; "" of one that comes with a release.
func ETag(r *operation.Resource) string {
	if !r.Written() {
		return ""
	}
	return fmt.Sprintf(`W/"%d"`, r.Versions)
}
