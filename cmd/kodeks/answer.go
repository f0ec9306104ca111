package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// answer is the result of a command in all its formats. An answer of several
// messages is to several codes.
type answer struct {
	messages []proto.Message
	table    table
	page     func(w *bufio.Writer, s screen) // for people, in the place of the table
	note     string                          // under the table, for people
}

// show writes an answer in the format that was asked for.
func (a *app) show(ans *answer) error {
	return ans.write(a.out, a.Format, a.screen)
}

func (ans *answer) write(w *bufio.Writer, format string, s screen) error {
	switch format {
	case "json":
		for _, m := range ans.messages {
			if err := writeJSON(w, m); err != nil {
				return err
			}
		}
	case "tsv":
		ans.table.writeTSV(w)
	default:
		if ans.page != nil {
			ans.page(w, s)
			return nil
		}
		ans.table.write(w, s)
		if ans.note != "" {
			w.WriteString(s.set(dim, ans.note) + "\n")
		}
	}
	return nil
}

// writeJSON writes a message with all its fields, so that a script need not know
// that an absent one is false. The white space of protojson varies between builds
// on purpose; ours does not.
func writeJSON(w *bufio.Writer, m proto.Message) error {
	text, err := jsonOf(m, "")
	if err != nil {
		return err
	}
	_, err = w.WriteString(text + "\n")
	return err
}

// jsonOf returns a message as writeJSON writes it, its lines after prefix.
func jsonOf(m proto.Message, prefix string) (string, error) {
	compact, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = json.Indent(&out, compact, prefix, "  ")
	return out.String(), err
}

// jsonLine returns a message on one line.
func jsonLine(m proto.Message) (string, error) {
	text, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = json.Compact(&out, text)
	return out.String(), err
}

// count writes a number with its digits in groups of three.
func count[N int | int32 | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// some returns how many of a whole are shown: "20 of 143", "20 of more than 143"
// when the whole is a lower bound, "3" when it is all there is.
func some(shown int, total int32, exact bool) string {
	switch {
	case !exact && total > int32(shown):
		return count(shown) + " of more than " + count(total)
	case !exact:
		return "the first " + count(shown)
	case int(total) > shown:
		return count(shown) + " of " + count(total)
	}
	return count(shown)
}

// plural returns the word for n things.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
