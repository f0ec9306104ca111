package fhir

import (
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

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
