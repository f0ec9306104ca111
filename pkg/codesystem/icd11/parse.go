package icd11

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// MaxParts is the most codes that a cluster may have.
const MaxParts = 64

// part is one code of a cluster. A stem begins a group; the extensions after it are of it.
type part struct {
	o    terminology.Ordinal
	at   int32 // where it stands in the text, in bytes
	stem bool
}

// Compose reads a cluster: stem codes with "/" between them, each with its extension codes
// after "&" (ICD-11 Reference Guide, "Code clusters"). A part may be the URI of its entity
// or its number, and blanks may stand around the separators. The error is Invalid for a text that is no
// cluster (a stem code where an extension belongs, an extension as a stem, a chapter or
// block, a separator before nothing, a part given twice), and NotFound, with the part, when
// the release lacks it. Its text names the part and its column in the text, escapes of URIs
// undone.
func (r *Release) Compose(text string) (terminology.Composed, error) {
	x, err := r.Cluster(text)
	if err != nil {
		return nil, err // not a Composed that holds nothing
	}
	return x, nil
}

// Cluster is Compose with the type of the answer.
func (r *Release) Cluster(text string) (*Cluster, error) {
	p := parser{release: r, text: unescape(text)}
	x := &Cluster{release: r}
	x.parts = x.few[:0]
	separator := byte('/') // before the first part as before any stem
	for {
		if len(x.parts) == MaxParts {
			return nil, p.invalid(p.at, "", "a cluster has at most %d codes", MaxParts)
		}
		if err := p.part(x, separator); err != nil {
			return nil, err
		}
		p.blanks()
		if p.at == len(p.text) {
			break
		}
		if separator = p.text[p.at]; separator != '&' && separator != '/' {
			return nil, p.invalid(p.at, p.token(), `want "&" before an extension code or "/" before another stem code`)
		}
		p.at++
	}
	return x, p.distinct(x)
}

// parser is the reading of one text.
type parser struct {
	release *Release
	text    string
	at      int // next byte to be read
}

func (p *parser) blanks() {
	for p.at < len(p.text) && p.text[p.at] != '&' && p.text[p.at] != '/' && isBoundary(p.text[p.at]) {
		p.at++
	}
}

// token returns what is up to the next separator or blank.
func (p *parser) token() string {
	end := p.at
	for end < len(p.text) && !isBoundary(p.text[end]) {
		end++
	}
	return p.text[p.at:end]
}

// part reads one code, which follows a separator, into the cluster.
func (p *parser) part(x *Cluster, separator byte) error {
	p.blanks()
	start, code := p.at, ""
	var o terminology.Ordinal
	var ok bool
	if e, _, size, uri := parseURI(p.text[start:]); uri {
		code = p.text[start : start+size]
		o, ok = p.release.entity(e)
	} else if isURI(p.text[start:]) {
		return p.invalid(start, strings.FieldsFunc(p.text[start:], func(r rune) bool { return r == '&' || r == ' ' })[0], "it is the URI of no entity of ICD-11")
	} else if code = p.token(); code == "" {
		return p.missing(x, separator)
	} else if o, ok = p.release.Provider.Find(code); !ok {
		if e, size, number := parseEntity(p.text[start:], true); number {
			code = p.text[start : start+size]
			o, ok = p.release.entity(e)
		}
	}
	p.at = start + len(code)
	if !ok {
		return p.unknown(start, code)
	}
	name, stem := p.release.Code(o), separator == '/'
	switch {
	case p.release.Info(o).Abstract:
		return p.invalid(start, code, "it is a chapter or block, which groups codes and is none to record")
	case stem && isExtension(name):
		return p.invalid(start, code, `it is an extension code: want a stem code here, and extension codes after it and "&"`)
	case !stem && !isExtension(name):
		return p.invalid(start, code, `it is a stem code: after "&" want an extension code, which begins with X; stem codes are joined by "/"`)
	case !stem:
		for i := len(x.parts) - 1; !x.parts[i].stem; i-- {
			if x.parts[i].o == o {
				return p.invalid(start, code, "the extension code is given twice for one stem code")
			}
		}
	}
	x.parts = append(x.parts, part{o, int32(start), stem})
	return nil
}

// distinct finds a stem that is given twice with the same extensions.
func (p *parser) distinct(x *Cluster) error {
	for i, end := 0, 0; i < len(x.parts); i = end {
		end = x.groupEnd(i)
		for j := end; j < len(x.parts); j = x.groupEnd(j) {
			if sameGroup(x.parts[i:end], x.parts[j:x.groupEnd(j)]) {
				code := p.release.Code(x.parts[j].o)
				return p.invalid(int(x.parts[j].at), code, "the stem code is given twice with the same extension codes")
			}
		}
	}
	return nil
}

// sameGroup reports whether two groups have the same codes; none of them has one twice.
func sameGroup(a, b []part) bool {
	if len(a) != len(b) || a[0].o != b[0].o {
		return false
	}
	for _, e := range a[1:] {
		found := false
		for _, f := range b[1:] {
			found = found || e.o == f.o
		}
		if !found {
			return false
		}
	}
	return true
}

// missing is the error of a separator with nothing on one side.
func (p *parser) missing(x *Cluster, separator byte) error {
	want := "a stem code"
	if separator == '&' {
		want = "an extension code"
	}
	switch {
	case p.at < len(p.text):
		return p.invalid(p.at, p.text[p.at:p.at+1], "want %s here", want)
	case len(x.parts) == 0:
		return p.invalid(p.at, "", "the text is empty: want %s", want)
	}
	return p.invalid(p.at, "", `the text ends after "%c": want %s`, separator, want)
}

// invalid is the error of a part that is known and wrong, or of none.
func (p *parser) invalid(at int, part, format string, args ...any) error {
	cause := fmt.Errorf(format, args...)
	return p.fault(terminology.Invalid, at, part, cause)
}

func (p *parser) unknown(at int, part string) error {
	return p.fault(terminology.NotFound, at, part, fmt.Errorf("ICD-11 MMS %s has no such code", p.release.Release().Version))
}

func (p *parser) fault(kind terminology.Kind, at int, part string, cause error) error {
	column := utf8.RuneCountInString(p.text[:at]) + 1
	if part == "" {
		cause = fmt.Errorf("column %d: %w", column, cause)
	} else {
		cause = fmt.Errorf("column %d: %s: %w", column, brief(part), cause)
	}
	release := p.release.Release()
	return &terminology.Error{Op: "icd11.Compose", Kind: kind, Err: cause,
		Coding: terminology.Coding{System: release.System, Version: release.Version, Code: brief(part)}}
}

// maxQuoted is how much of a part an error repeats.
const maxQuoted = 100

func brief(part string) string {
	if len(part) <= maxQuoted {
		return part
	}
	return part[:maxQuoted] + "..."
}
