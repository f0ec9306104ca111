package httpscript

import (
	"bytes"
	"encoding/json"
	"strings"
)

// lineWidth is how long a line of a body may be: what fits in it is not broken.
const lineWidth = 160

// Layout lays a body out for a script: a value that fits in a line stands in one.
func Layout(body, contentType string) string {
	switch {
	case strings.Contains(contentType, "json"):
		var v json.RawMessage
		if json.Unmarshal([]byte(body), &v) != nil {
			return body
		}
		var b strings.Builder
		layoutJSON(&b, v, "")
		return b.String()
	case strings.Contains(contentType, "xml"):
		n, err := readNode(body)
		if err != nil {
			return body
		}
		var b strings.Builder
		n.write(&b, "", "")
		return strings.TrimSpace(b.String())
	}
	return strings.TrimSpace(body)
}

func layoutJSON(b *strings.Builder, v json.RawMessage, indent string) {
	line := oneLine(v)
	v = bytes.TrimSpace(v)
	if len(indent)+len(line) <= lineWidth || v[0] != '{' && v[0] != '[' {
		b.WriteString(line)
		return
	}
	d := json.NewDecoder(bytes.NewReader(v))
	_, _ = d.Token() // { or [ of valid JSON
	b.WriteString(string(v[0]) + "\n")
	for first := true; d.More(); first = false {
		if !first {
			b.WriteString(",\n")
		}
		b.WriteString(indent + "  ")
		if v[0] == '{' {
			key, _ := d.Token()
			b.WriteString(quoted(key.(string)) + ": ")
		}
		var item json.RawMessage
		_ = d.Decode(&item) // it is valid
		layoutJSON(b, item, indent+"  ")
	}
	closing := "}"
	if v[0] == '[' {
		closing = "]"
	}
	b.WriteString("\n" + indent + closing)
}

// oneLine is a value with blanks where people want them.
func oneLine(v json.RawMessage) string {
	v = bytes.TrimSpace(v)
	d := json.NewDecoder(bytes.NewReader(v))
	var b strings.Builder
	switch v[0] {
	case '{', '[':
		_, _ = d.Token()
		b.WriteByte(v[0])
		for first := true; d.More(); first = false {
			if !first {
				b.WriteString(", ")
			}
			if v[0] == '{' {
				key, _ := d.Token()
				b.WriteString(quoted(key.(string)) + ": ")
			}
			var item json.RawMessage
			_ = d.Decode(&item)
			b.WriteString(oneLine(item))
		}
		if v[0] == '{' {
			b.WriteByte('}')
		} else {
			b.WriteByte(']')
		}
	case '"':
		var s string
		_ = json.Unmarshal(v, &s)
		return quoted(s)
	default:
		return string(v)
	}
	return b.String()
}

// quoted is a string of JSON in which <, > and & are as they are.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // strings always encode
	return strings.TrimSpace(b.String())
}
