package fhir

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
)

const noVersionRules = "name the version in the value set"

// Expand is the parameter table of ValueSet/$expand.
var Expand = &Operation{Resource: "ValueSet", Name: "expand", Parameters: []Definition{
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
	{Name: "designation", Type: String, Many: true, Use: Refused, Note: "includeDesignations gives all of them"},
	{Name: "includeDefinition", Type: Boolean, Only: "false", Echo: true, Note: "definitions are not part of an expansion yet"},
	{Name: "activeOnly", Type: Boolean, Echo: true},
	{Name: "useSupplement", Type: URI, Many: true, In: OnlyR5, Use: Refused, Note: noSupplements},
	// An expansion is always flat, and has no postcoordinated codes; both are allowed whatever is asked for.
	{Name: "excludeNested", Type: Boolean, Echo: true},
	{Name: "excludeNotForUI", Type: Boolean, Only: "false", Echo: true, Note: "abstract codes are marked, not left out"},
	{Name: "excludePostCoordinated", Type: Boolean, Echo: true},
	{Name: "displayLanguage", Type: Code, Echo: true},
	{Name: "property", Type: String, Many: true, In: OnlyR5, Use: Refused, Note: "properties are not part of an expansion yet"},
	{Name: "exclude-system", Type: URI, Many: true, Use: Refused, Note: "leave the system out of the value set"},
	{Name: "system-version", Type: URI, Many: true, Use: Refused, Note: noVersionRules},
	{Name: "check-system-version", Type: URI, Many: true, Use: Refused, Note: noVersionRules},
	{Name: "force-system-version", Type: URI, Many: true, Use: Refused, Note: noVersionRules},
	{Name: "default-valueset-version", Type: URI, Many: true, In: Ecosystem, Use: Refused, Note: noVersionRules},
}}

// ExpandRequest reads the parameters of ValueSet/$expand.
func ExpandRequest(p *Parameters) (operation.ExpandRequest, error) {
	req := operation.ExpandRequest{
		Text:         p.Text("filter"),
		Offset:       p.Int("offset", 0),
		Count:        p.Int("count", -1),
		ActiveOnly:   p.Bool("activeOnly"),
		Designations: p.Bool("includeDesignations"),
		Date:         p.Day("date"),
	}
	var err error
	if req.URL, req.Compose, err = p.valueSet(); err != nil {
		return req, err
	}
	req.Languages, err = p.Languages()
	return req, err
}

// AppendExpand writes the answer to ValueSet/$expand: a ValueSet with its
// expansion. The identifier is the same for the same question to the same releases.
func AppendExpand(dst []byte, _ Version, p *Parameters, a *operation.ExpandResponse) ([]byte, error) {
	dst = append(dst, `{"resourceType":"ValueSet"`...)
	status := "active"
	if n := p.find("valueSet"); n != nil {
		dst = appendMember(dst, "url", n.ValueSet.URL)
		dst = appendMember(dst, "version", n.ValueSet.Version)
		dst = appendMember(dst, "name", n.ValueSet.Name)
		status = firstOf(n.ValueSet.Status, status)
	} else {
		dst = appendMember(dst, "url", firstOf(a.URL, p.Text("url")))
	}
	dst = appendMember(dst, "status", status)
	dst = append(dst, `,"expansion":{"identifier":"`...)
	dst = appendExpansionID(dst, p, a)
	dst = append(dst, `","timestamp":"`...)
	dst = p.Time.UTC().AppendFormat(dst, time.RFC3339)
	dst = append(dst, '"')
	if a.Exact {
		dst = strconv.AppendInt(appendKey(dst, "total"), int64(a.Total), 10)
	}
	if p.find("offset") != nil || p.find("count") != nil {
		dst = strconv.AppendInt(appendKey(dst, "offset"), int64(a.Offset), 10)
	}
	dst = appendExpansionParameters(dst, p, a)
	if len(a.Codes) > 0 {
		versions := severalVersions(a)
		dst = append(appendKey(dst, "contains"), '[')
		from, to := 0, 0 // where the last system stands, which mostly is the next one too
		for i := range a.Codes {
			dst = appendItem(dst)
			if i > 0 && a.Codes[i].Coding.System == a.Codes[i-1].Coding.System {
				dst = append(dst, dst[from:to]...)
			} else {
				from = len(dst)
				dst = appendMember(dst, "system", a.Codes[i].Coding.System)
				to = len(dst)
			}
			dst = appendContains(dst, &a.Codes[i], versions)
		}
		dst = append(dst, ']')
	}
	return append(dst, `}}`...), nil
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
		default:
			dst = appendParameter(dst, n.Definition.Name, "valueString", n.Text)
		}
	}
	for i := range a.Used {
		dst = appendParameter(dst, "used-codesystem", "valueUri", canonical(a.Used[i].System, a.Used[i].Version))
	}
	if len(dst) == empty {
		return dst[:mark]
	}
	return append(dst, ']')
}

// appendContains writes a member after its system.
func appendContains(dst []byte, c *operation.ExpandedCode, version bool) []byte {
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
	return append(appendDesignations(dst, c.Designations), '}')
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
		dst = appendMember(appendItem(dst), "language", d.Language)
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

// severalVersions reports whether two versions of one code system answered, so
// that a code needs its version to be understood.
func severalVersions(a *operation.ExpandResponse) bool {
	for i := range a.Used {
		for j := range i {
			if a.Used[i].System == a.Used[j].System {
				return true
			}
		}
	}
	return false
}

// appendExpansionID writes a UUID made of the question and the releases that answered
// (RFC 9562, version 8).
func appendExpansionID(dst []byte, p *Parameters, a *operation.ExpandResponse) []byte {
	var room [512]byte
	text := room[:0]
	write := func(texts ...string) {
		for _, s := range texts {
			text = append(append(text, s...), 0)
		}
	}
	write(a.URL, p.AcceptLanguage, strconv.Itoa(a.Total))
	for i := range p.list {
		n := &p.list[i]
		write(n.Definition.Name, n.Text)
		if n.ValueSet != nil {
			n.ValueSet.hash(write)
		}
	}
	for i := range a.Used {
		write(a.Used[i].System, a.Used[i].Version)
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

// hash writes what makes the value set what it is.
func (vs *ValueSet) hash(write func(...string)) {
	write(vs.URL, vs.Version)
	if vs.Inactive != nil {
		write(strconv.FormatBool(*vs.Inactive))
	}
	for i, sets := range [][]operation.ConceptSet{vs.Include, vs.Exclude} {
		for _, set := range sets {
			write(strconv.Itoa(i), set.System, set.Version)
			write(set.ValueSets...)
			for _, c := range set.Concepts {
				write("c", c.Code, c.Display)
			}
			for _, f := range set.Filters {
				write("f", f.Property, f.Op, f.Value)
			}
		}
	}
	for _, c := range vs.Contained {
		c.hash(write)
	}
}
