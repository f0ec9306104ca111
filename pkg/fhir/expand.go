package fhir

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Expand is the parameter table of ValueSet/$expand.
var Expand = &Operation{Resource: "ValueSet", Name: "expand", Parameters: append([]Definition{
	{Name: "url", Type: URI},
	{Name: "valueSet", Type: ValueSetType},
	{Name: "valueSetVersion", Type: String},
	{Name: "context", Type: URI, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "contextDirection", Type: Code, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "filter", Type: String, Echo: true},
	{Name: "date", Type: DateTime, Echo: true},
	{Name: "offset", Type: Integer, Echo: true},
	{Name: "count", Type: Integer, Echo: true},
	{Name: "includeDesignations", Type: Boolean, Echo: true},
	{Name: "designation", Type: String, Many: true, Echo: true},
	{Name: "includeDefinition", Type: Boolean, Echo: true},
	{Name: "activeOnly", Type: Boolean, Echo: true},
	{Name: "excludeNested", Type: Boolean, Echo: true},
	{Name: "excludeNotForUI", Type: Boolean, Only: "false", Echo: true, Note: "abstract codes are marked, not left out"},
	// Of postcoordinated codes, those are there that a value set names one by one; no others can be listed.
	{Name: "excludePostCoordinated", Type: Boolean, Echo: true},
	{Name: "displayLanguage", Type: Code}, // echoed with what the value set and the header say
	{Name: "property", Type: String, Many: true, In: OnlyR5},
	{Name: "exclude-system", Type: URI, Many: true, Echo: true},
	{Name: "limit", Type: Integer, In: Ecosystem},
	{Name: "limitedExpansion", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
	{Name: "allowMaximumSizeExpansion", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
	{Name: "incomplete-ok", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "an expansion is whole or refused"},
}, versionRules...)}

// ExpandRequest reads the parameters of ValueSet/$expand.
func ExpandRequest(p *Parameters) (operation.ExpandRequest, error) {
	req := operation.ExpandRequest{
		With: p.with(), Details: true,
		Text:           p.Text("filter"),
		Offset:         p.Int("offset", 0),
		Count:          p.Int("count", -1),
		ActiveOnly:     p.Bool("activeOnly"),
		Designations:   p.Bool("includeDesignations"),
		Date:           p.Day("date"),
		Nested:         !p.Bool("excludeNested"),
		Properties:     p.texts("property"),
		ExcludeSystems: p.texts("exclude-system"),
		Terms:          p.texts("designation"),
		Limit:          p.Int("limit", p.Threshold),
	}
	req.NoComposed = p.Bool("excludePostCoordinated")
	if p.find("includeDesignations") == nil {
		req.Designations = len(req.Terms) > 0 // which are asked for by name
	}
	if err := p.checkVersions(); err != nil {
		return req, err
	}
	var err error
	if req.URL, req.Definition, err = p.valueSet(); err != nil {
		return req, err
	}
	w, err := p.languages()
	req.Languages, req.LanguageList, req.Negotiated = w.pref, w.list, w.negotiated
	return req, err
}

// checkVersions refuses a rule that names no version: it would do nothing, and the
// client would never know.
func (p *Parameters) checkVersions() error {
	for i := range p.list {
		n := &p.list[i]
		switch n.name() {
		case "system-version", "check-system-version", "force-system-version", "default-valueset-version":
			if url, version, _ := strings.Cut(n.Text, "|"); url == "" || version == "" {
				return elementError(terminology.Invalid, n.where(), "want a canonical URL with a version, such as http://snomed.info/sct|http://snomed.info/sct/51000202101, for '%s', not %q", n.name(), n.Text)
			}
		}
	}
	return nil
}

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

// appendCodes writes members, and those below them.
func appendCodes(dst []byte, v Version, codes []operation.ExpandedCode, versions bool) []byte {
	if len(codes) == 0 {
		return dst
	}
	dst = append(appendKey(dst, "contains"), '[')
	from, to := 0, 0 // where the last system stands, which mostly is the next one too
	for i := range codes {
		dst = appendItem(dst)
		c := &codes[i]
		plain := len(c.Extensions) == 0 && (v == R5 || len(c.Properties) == 0)
		if plain && to > 0 && c.Coding.System == codes[i-1].Coding.System {
			dst = append(dst, dst[from:to]...)
		} else {
			dst = appendCodeExtensions(dst, v, c)
			from = len(dst)
			dst = appendMember(dst, "system", c.Coding.System)
			if to = len(dst); !plain {
				to = 0
			}
		}
		dst = appendContains(dst, v, c, versions)
	}
	return append(dst, ']')
}

// appendCodeExtensions writes what FHIR has no element for, which in R4 are properties.
func appendCodeExtensions(dst []byte, v Version, c *operation.ExpandedCode) []byte {
	if len(c.Extensions) == 0 && (v == R5 || len(c.Properties) == 0) {
		return dst
	}
	dst = append(appendKey(dst, "extension"), '[')
	for i := range c.Extensions {
		dst = appendExtension(dst, &c.Extensions[i])
	}
	if v == R4 {
		for i := range c.Properties {
			p := &c.Properties[i]
			dst = append(appendMember(appendItem(dst), "url", r5ContainsProperty), `,"extension":[{"url":"code","valueCode":`...)
			dst = append(AppendString(dst, p.Code), `},{"url":"value",`...)
			dst = append(appendValue(dst, p), `}]}`...)
		}
	}
	return append(dst, ']')
}

func appendExtension(dst []byte, x *operation.Extension) []byte {
	dst = appendKey(appendMember(appendItem(dst), "url", x.URL), x.Member)
	if x.Quoted {
		return append(AppendString(dst, x.Value), '}')
	}
	return append(append(dst, x.Value...), '}')
}

// appendValue writes the value of a property: value[x] with its key.
func appendValue(dst []byte, p *operation.Property) []byte {
	kind := valueTypes[p.Kind]
	if p.Kind >= terminology.ValueInteger && p.Kind <= terminology.ValueBoolean {
		if isLiteral(p.Kind, p.Value) {
			return append(append(append(append(dst, '"'), kind...), `":`...), p.Value...)
		}
		kind = "valueString"
	}
	dst = append(append(append(dst, '"'), kind...), `":`...)
	return AppendString(dst, p.Value)
}

// appendExpansionParameters repeats what was asked, and tells the releases that
// answered.
func appendExpansionParameters(dst []byte, p *Parameters, a *operation.ExpandResponse) []byte {
	mark := len(dst)
	dst = append(appendKey(dst, "parameter"), '[')
	empty := len(dst)
	for i := range p.list {
		n := &p.list[i]
		if !n.Definition.Echo {
			continue
		}
		switch n.Definition.Type {
		case Boolean:
			dst = appendBoolParameter(dst, n.Definition.Name, n.Text == "true")
		case Integer:
			dst = appendKey(openParameter(dst, n.Definition.Name), "valueInteger")
			dst = append(strconv.AppendInt(dst, int64(p.Int(n.Definition.Name, 0)), 10), '}')
		case Code:
			dst = appendParameter(dst, n.Definition.Name, "valueCode", n.Text)
		case DateTime:
			dst = appendParameter(dst, n.Definition.Name, "valueDateTime", n.Text)
		case URI:
			dst = appendParameter(dst, n.Definition.Name, "valueUri", n.Text)
		default:
			dst = appendParameter(dst, n.Definition.Name, "valueString", n.Text)
		}
	}
	dst = appendParameter(dst, "displayLanguage", "valueCode", normalList(a.LanguageList))
	for _, r := range a.Rules {
		dst = appendParameter(dst, r.Name, "valueUri", r.Value)
	}
	if a.Merged {
		dst = appendBoolParameter(dst, "versionsMatch", true)
	}
	for i := range a.Used {
		dst = appendCanonicalParameter(dst, "used-codesystem", a.Used[i].System, a.Used[i].Version)
	}
	for _, url := range a.UsedValueSets {
		dst = appendParameter(dst, "used-valueset", "valueUri", url)
	}
	for _, url := range a.UsedSupplements {
		dst = appendParameter(dst, "used-supplement", "valueUri", url)
	}
	for _, url := range a.Fragments {
		dst = appendParameter(dst, "used-fragment", "valueUri", url)
	}
	for _, w := range a.Warnings {
		dst = appendParameter(dst, "warning-"+w.What, "valueUri", w.Canonical)
	}
	if len(dst) == empty {
		return dst[:mark]
	}
	return append(dst, ']')
}

// appendCanonicalParameter writes a parameter that is a canonical URL with its version.
func appendCanonicalParameter(dst []byte, name, url, version string) []byte {
	if url == "" {
		return dst
	}
	dst = AppendString(append(openParameter(dst, name), `,"valueUri":`...), url)
	if version != "" {
		end := len(dst)
		dst[end-1] = '|' // the quotes between the two go
		dst = AppendString(dst, version)
		dst = append(dst[:end], dst[end+1:]...)
	}
	return append(dst, '}')
}

// normalList returns a list of languages as it is told: without blanks, but before one
// with a weight.
func normalList(list string) string {
	if !strings.Contains(list, ",") {
		return list
	}
	var b strings.Builder
	for i, part := range strings.Split(list, ",") {
		tag, weight, ok := strings.Cut(strings.TrimSpace(part), ";")
		if i > 0 {
			b.WriteByte(',')
			if ok {
				b.WriteByte(' ')
			}
		}
		b.WriteString(strings.TrimSpace(tag))
		if ok {
			b.WriteString("; " + strings.TrimSpace(weight))
		}
	}
	return b.String()
}

// appendContains writes a member after its system.
func appendContains(dst []byte, v Version, c *operation.ExpandedCode, version bool) []byte {
	if c.Abstract {
		dst = appendBool(dst, "abstract", true)
	}
	if c.Inactive {
		dst = appendBool(dst, "inactive", true)
	}
	if version {
		dst = appendMember(dst, "version", c.Coding.Version)
	}
	dst = appendMember(dst, "code", c.Coding.Code)
	dst = appendMember(dst, "display", c.Coding.Display)
	dst = appendDesignations(dst, c.Designations)
	if v == R5 && len(c.Properties) > 0 {
		dst = append(appendKey(dst, "property"), '[')
		for i := range c.Properties {
			dst = append(appendMember(appendItem(dst), "code", c.Properties[i].Code), ',')
			dst = append(appendValue(dst, &c.Properties[i]), '}')
		}
		dst = append(dst, ']')
	}
	return append(appendCodes(dst, v, c.Contains, version), '}')
}

// appendDesignations writes the active terms of a member.
func appendDesignations(dst []byte, terms []operation.Designation) []byte {
	mark := len(dst)
	dst = append(appendKey(dst, "designation"), '[')
	empty := len(dst)
	for i := range terms {
		d := &terms[i]
		if d.Inactive {
			continue
		}
		dst = appendItem(dst)
		if len(d.Extensions) > 0 {
			dst = append(appendKey(dst, "extension"), '[')
			for k := range d.Extensions {
				dst = appendExtension(dst, &d.Extensions[k])
			}
			dst = append(dst, ']')
		}
		dst = appendMember(dst, "language", d.Language)
		if d.Use.Code != "" {
			dst = appendCoding(appendKey(dst, "use"), d.Use)
		}
		dst = append(appendMember(dst, "value", d.Term), '}')
	}
	if len(dst) == empty {
		return dst[:mark]
	}
	return append(dst, ']')
}

// appendExpansionID writes a UUID made of what the expansion rests on and of the question
// (RFC 9562, version 8). The same identifier is the same answer, byte by byte, in whatever
// process and whenever it is asked for. Of what a request carries in its body, the basis
// has what was used.
func appendExpansionID(dst []byte, v Version, p *Parameters, a *operation.ExpandResponse) []byte {
	var room [512]byte
	text := append(room[:0], a.Basis[:]...)
	write := func(s string) {
		text = append(append(binary.AppendUvarint(text, uint64(len(s))), s...), 0)
	}
	write(v.String())
	write(p.AcceptLanguage)
	text = binary.AppendUvarint(binary.AppendUvarint(text, uint64(p.Threshold)), uint64(a.Total))
	for i := range p.list {
		n := &p.list[i]
		write(n.Definition.Name)
		write(n.Text)
	}
	sum := sha256.Sum256(text)
	sum[6] = sum[6]&0x0F | 0x80
	sum[8] = sum[8]&0x3F | 0x80
	dst = append(dst, "urn:uuid:"...)
	for i, part := range [...][]byte{sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}

// appendPublished writes the moment at which the newest day begins that what the expansion
// rests on was published on. The moment of the answer would make every answer another one.
func appendPublished(dst []byte, day terminology.Date) []byte {
	if day == 0 {
		return append(dst, "1970-01-01T00:00:00Z"...) // nothing of it says a day
	}
	return append(append(dst, day.String()...), "T00:00:00Z"...)
}
