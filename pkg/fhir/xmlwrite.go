package fhir

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	xmlNamespace   = "http://hl7.org/fhir"
	xhtmlNamespace = "http://www.w3.org/1999/xhtml"
)

// AppendXML writes a resource, given as JSON, as XML (FHIR, "XML Representation of
// Resources"). The error is NotSupported for an element that the table does not have.
func AppendXML(dst []byte, resource []byte) ([]byte, error) {
	object, err := readJSON(resource)
	if err != nil {
		return dst, err
	}
	w := xmlWriter{b: dst}
	err = w.resource(object)
	return w.b, err
}

type xmlWriter struct{ b []byte }

// resource writes a resource; at the root it names the namespace.
func (w *xmlWriter) resource(object map[string]any) error {
	w.b = append(w.b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...)
	return w.inner(object, ` xmlns="`+xmlNamespace+`"`)
}

func (w *xmlWriter) inner(object map[string]any, attributes string) error {
	name, _ := object["resourceType"].(string)
	s := element.Of(name)
	if s == nil || !s.Resource {
		return notXML(fmt.Errorf("a resource of type '%s'", name))
	}
	w.b = append(append(append(w.b, '<'), name...), attributes...)
	w.b = append(w.b, '>')
	if err := w.members(s, object, true); err != nil {
		return err
	}
	w.b = append(append(append(w.b, "</"...), name...), '>')
	return nil
}

func notXML(err error) error {
	return &terminology.Error{Op: "fhir.AppendXML", Kind: terminology.NotSupported, Err: fmt.Errorf("%w cannot be written in XML", err)}
}

// members writes the elements of an object in the order of the table. The ids of
// elements, and the URLs of extensions, are attributes, which are written already.
func (w *xmlWriter) members(s *element.Type, object map[string]any, resource bool) error {
	left := len(object)
	for i := range s.Elements {
		e := &s.Elements[i]
		value, has := object[e.Name]
		sibling, hasSibling := object["_"+e.Name]
		if has {
			left--
		}
		if hasSibling {
			left--
		}
		if !has && !hasSibling || !resource && e.Name == "id" || s.Name == "Extension" && e.Name == "url" {
			continue
		}
		values, list := value.([]any)
		siblings, listed := sibling.([]any)
		if !list && !listed {
			begin := len(w.b)
			err := w.value(e, value, sibling)
			if err != nil && s.Name == "Bundle.entry" && e.Name == "resource" {
				w.b = w.b[:begin]
				err = w.notWritten(object, err)
			}
			if err != nil {
				return err
			}
			continue
		}
		for n := range max(len(values), len(siblings)) {
			var v, x any
			if n < len(values) {
				v = values[n]
			}
			if n < len(siblings) {
				x = siblings[n]
			}
			if err := w.value(e, v, x); err != nil {
				return err
			}
		}
	}
	if _, ok := object["resourceType"]; ok && resource {
		left--
	}
	if left == 0 {
		return nil
	}
	for name := range object {
		if s.Find(strings.TrimPrefix(name, "_")) == nil && !(resource && name == "resourceType") {
			return notXML(fmt.Errorf("the element '%s' of %s", name, s.Name))
		}
	}
	return nil
}

// notWritten writes what is wrong with the resource of an entry in the place of it, so
// that it does not take the others with it.
func (w *xmlWriter) notWritten(entry map[string]any, err error) error {
	name := "the resource"
	if r, ok := entry["resource"].(map[string]any); ok {
		name = fmt.Sprintf("%v/%v", r["resourceType"], r["id"])
	}
	outcome, err := readJSON(AppendIssue(nil, operation.Issue{Type: "not-supported", Text: name + " cannot be given in XML, ask for JSON: " + terminology.Message(err)}))
	if err != nil {
		return err
	}
	if search, ok := entry["search"].(map[string]any); ok {
		search["mode"] = "outcome"
	}
	return w.value(&element.Element{Name: "resource", Type: "Resource"}, outcome, nil)
}

func (w *xmlWriter) attribute(name, value string) {
	w.b = append(append(append(w.b, ' '), name...), `="`...)
	w.b = append(appendXMLText(w.b, value), '"')
}

// appendXMLText writes text of an attribute. Control characters that XML cannot have
// become U+FFFD.
func appendXMLText(dst []byte, s string) []byte {
	for _, c := range s {
		switch {
		case c == '&':
			dst = append(dst, "&amp;"...)
		case c == '<':
			dst = append(dst, "&lt;"...)
		case c == '>':
			dst = append(dst, "&gt;"...)
		case c == '"':
			dst = append(dst, "&quot;"...)
		case c == '\n' || c == '\r' || c == '\t':
			dst = fmt.Appendf(dst, "&#x%X;", c)
		case c < ' ' || c == 0xFFFE || c == 0xFFFF:
			dst = append(dst, "\uFFFD"...)
		default:
			dst = append(dst, string(c)...)
		}
	}
	return dst
}

func (w *xmlWriter) value(e *element.Element, value, sibling any) error {
	object, _ := value.(map[string]any)
	switch {
	case e.Type == "Resource":
		w.b = append(append(append(w.b, '<'), e.Name...), '>')
		if err := w.inner(object, ""); err != nil {
			return err
		}
	case e.Type == "xhtml":
		text, _ := value.(string)
		return w.narrative(text)
	case element.IsPrimitive(e.Type):
		extra, _ := sibling.(map[string]any)
		w.b = append(append(w.b, '<'), e.Name...)
		if id, ok := extra["id"].(string); ok {
			w.attribute("id", id)
		}
		if value != nil {
			text, err := primitiveText(value)
			if err != nil {
				return err
			}
			w.attribute("value", text)
		}
		if _, ok := extra["extension"]; !ok {
			w.b = append(w.b, "/>"...)
			return nil
		}
		w.b = append(w.b, '>')
		if err := w.members(element.Base, extra, false); err != nil {
			return err
		}
	default:
		s := element.Of(e.Type)
		if s == nil || object == nil {
			return notXML(fmt.Errorf("the element '%s'", e.Name))
		}
		w.b = append(append(w.b, '<'), e.Name...)
		if id, ok := object["id"].(string); ok {
			w.attribute("id", id)
		}
		if url, ok := object["url"].(string); ok && s.Name == "Extension" {
			w.attribute("url", url)
		}
		w.b = append(w.b, '>')
		if err := w.members(s, object, false); err != nil {
			return err
		}
	}
	w.b = append(append(append(w.b, "</"...), e.Name...), '>')
	return nil
}

func primitiveText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		if v {
			return "true", nil
		}
		return "false", nil
	}
	return "", notXML(errors.New("a value that is " + jsonType(value)))
}

// narrative writes a div, which must be XML by itself.
func (w *xmlWriter) narrative(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return notXML(fmt.Errorf("the narrative (%w)", err))
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
				if t.Name.Local != "div" || t.Name.Space != xhtmlNamespace {
					return notXML(errors.New("a narrative that is no div of XHTML"))
				}
			}
		case xml.EndElement:
			depth--
		case xml.Directive, xml.ProcInst:
			return notXML(errors.New("a narrative with directives"))
		}
	}
	if roots != 1 {
		return notXML(errors.New("a narrative that is no div of XHTML"))
	}
	w.b = append(w.b, bytes.TrimSpace([]byte(text))...)
	return nil
}
