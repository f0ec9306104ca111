package fhir

import (
	"net/url"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ReadQuery adds the parameters of a query string, or of a form body, which is
// written the same way. A parameter without a value counts as not given. The
// parameters share memory with raw.
func (p *Parameters) ReadQuery(raw string) error {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		if pair == "" {
			continue
		}
		name, err := unescape(key)
		if err != nil {
			return elementError(terminology.Invalid, key, "%v", err)
		}
		text, err := unescape(value)
		if err != nil {
			return elementError(terminology.Invalid, name, "%v", err)
		}
		if err := checkText(name); err != nil {
			return elementError(terminology.Invalid, strings.ToValidUTF8(name, "\uFFFD"), "%v", err)
		}
		if err := checkText(text); err != nil {
			return elementError(terminology.Invalid, name, "%v", err)
		}
		d, err := p.define(name, "")
		if err != nil {
			return err
		}
		if d.Type.complex() && d.Use != Refused {
			return elementError(terminology.Invalid, name, "'%s' is a %s, which a query cannot carry: send it by POST in a Parameters resource", name, d.Type)
		}
		if text == "" {
			continue
		}
		if err := p.add(Parameter{Definition: d, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

// unescape undoes percent-encoding; it copies only when there is something to undo.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}
