package fhir

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// AppendExpand writes the answer to ValueSet/$expand: a ValueSet with its
// expansion. The same question to the same content has the same bytes for an answer.
func AppendExpand(dst []byte, v Version, p *Parameters, a *operation.ExpandResponse) ([]byte, error) {
	dst = append(dst, `{"resourceType":"ValueSet"`...)
	if len(a.Definition) > 0 {
		var err error
		if dst, err = appendDescription(dst, a.Definition, p.Bool("includeDefinition")); err != nil {
			return dst, err
		}
	} else {
		dst = appendMember(dst, "url", firstOf(a.URL, p.Text("url")))
		dst = appendMember(dst, "name", a.Name)
		dst = appendMember(dst, "title", a.Title)
		dst = appendMember(dst, "status", "active")
	}
	dst = append(dst, `,"expansion":{`...)
	if a.Unclosed {
		dst = appendUnclosed(dst, a)
	}
	dst = append(appendKey(dst, "identifier"), '"')
	dst = appendExpansionID(dst, v, p, a)
	dst = append(dst, `","timestamp":"`...)
	dst = appendPublished(dst, a.Published)
	dst = append(dst, '"')
	if a.Exact {
		dst = strconv.AppendInt(appendKey(dst, "total"), int64(a.Total), 10)
	}
	if p.find("offset") != nil || p.find("count") != nil {
		dst = strconv.AppendInt(appendKey(dst, "offset"), int64(a.Offset), 10)
	}
	dst = appendExpansionParameters(dst, p, a)
	dst = appendDeclared(dst, v, a)
	dst = appendCodes(dst, v, a.Codes, a.SeveralVersions)
	return append(dst, `}}`...), nil
}

// description is the members of a ValueSet that tell what it is.
var description = []string{"id", "language", "url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher"}

// definition is the members that are told besides when the definition is asked for.
var definition = []string{"implicitRules", "extension", "contact", "description", "useContext", "jurisdiction", "purpose", "copyright", "immutable", "compose"}

// appendDescription copies what a value set says of itself, and with whole how it is
// defined.
func appendDescription(dst, raw []byte, whole bool) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return dst, &terminology.Error{Op: "fhir.AppendExpand", Err: err}
	}
	keys := description
	if whole {
		keys = slices.Concat(description, definition)
	}
	for _, key := range keys {
		if value, ok := members[key]; ok {
			dst = append(appendKey(dst, key), value...)
		}
	}
	return dst, nil
}

const (
	unclosed       = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"
	unclosedReason = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed-reason"
	// The elements of R5 that R4 has as extensions.
	r5Property         = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.property"
	r5ContainsProperty = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property"
)

// appendUnclosed tells that there are members that are not listed.
func appendUnclosed(dst []byte, a *operation.ExpandResponse) []byte {
	dst = append(appendKey(dst, "extension"), `[{"url":"`+unclosed+`","valueBoolean":true}`...)
	if a.Infinite != "" {
		dst = append(dst, `,{"url":"`+unclosedReason+`","valueString":`...)
		dst = append(AppendString(dst, "The code System '"+a.Infinite+"' has a grammar and so has infinite members"), '}')
	}
	return append(dst, ']')
}

// appendDeclared tells what the properties of the codes are.
func appendDeclared(dst []byte, v Version, a *operation.ExpandResponse) []byte {
	if len(a.Declared) == 0 {
		return dst
	}
	if v == R4 {
		if a.Unclosed { // there is an extension already
			return insertExtensions(dst, a)
		}
		dst = append(appendKey(dst, "extension"), '[')
		for i := range a.Declared {
			dst = appendDeclaredExtension(dst, &a.Declared[i])
		}
		return append(dst, ']')
	}
	dst = append(appendKey(dst, "property"), '[')
	for i := range a.Declared {
		dst = appendMember(appendItem(dst), "code", a.Declared[i].Code)
		dst = append(appendMember(dst, "uri", a.Declared[i].URI), '}')
	}
	return append(dst, ']')
}

func appendDeclaredExtension(dst []byte, d *operation.PropertyURI) []byte {
	dst = append(appendMember(appendItem(dst), "url", r5Property), `,"extension":[{"url":"code","valueCode":`...)
	dst = append(AppendString(dst, d.Code), '}')
	if d.URI != "" {
		dst = append(dst, `,{"url":"uri","valueUri":`...)
		dst = append(AppendString(dst, d.URI), '}')
	}
	return append(dst, `]}`...)
}

// insertExtensions puts the declared properties behind the extensions that are there.
func insertExtensions(dst []byte, a *operation.ExpandResponse) []byte {
	head := []byte(`"expansion":{"extension":[`)
	at := bytes.LastIndex(dst, head) + len(head)
	tail := bytes.Clone(dst[at:])
	dst = dst[:at]
	for i := range a.Declared {
		dst = appendDeclaredExtension(dst, &a.Declared[i])
	}
	return append(append(dst, ','), tail...)
}

// appendPublished writes the moment at which the newest day begins that what the expansion
// rests on was published on. The moment of the answer would make every answer another one.
func appendPublished(dst []byte, day terminology.Date) []byte {
	if day == 0 {
		return append(dst, "1970-01-01T00:00:00Z"...) // nothing of it says a day
	}
	return append(append(dst, day.String()...), "T00:00:00Z"...)
}
