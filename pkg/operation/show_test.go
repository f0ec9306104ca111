package operation_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// check compares a whole response, or the error in its place, with its golden file.
func check[T any](t *testing.T, name string, resp *T, err error) {
	t.Helper()
	var b bytes.Buffer
	if err != nil {
		fmt.Fprintf(&b, "error: %s\n%v\n", terminology.KindOf(err), err)
	} else {
		show(&b, reflect.ValueOf(*resp), "")
	}
	golden.Equal(t, name+".txt", b.Bytes())
}

// show writes the fields of a struct that are set, one a line.
func show(b *bytes.Buffer, v reflect.Value, indent string) {
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		if !v.Type().Field(i).IsExported() || name == "Ordinal" || name == "Basis" { // numbers of a release and hashes mean nothing to a reader
			continue
		}
		text, plain := value(f)
		if f.IsZero() && (!plain || text == "") || f.Kind() == reflect.Slice && f.Len() == 0 {
			continue
		}
		switch {
		case plain:
			fmt.Fprintf(b, "%s%s: %s\n", indent, name, text)
		case f.Kind() == reflect.Slice:
			fmt.Fprintf(b, "%s%s: %d\n", indent, name, f.Len())
			for j := range f.Len() {
				if text, plain := value(f.Index(j)); plain {
					fmt.Fprintf(b, "%s  - %s\n", indent, text)
					continue
				}
				var one bytes.Buffer
				show(&one, f.Index(j), indent+"    ")
				b.WriteString(strings.Replace(one.String(), indent+"    ", indent+"  - ", 1))
			}
		default:
			fmt.Fprintf(b, "%s%s:\n", indent, name)
			show(b, f, indent+"  ")
		}
	}
}

// value writes what fits on a line.
func value(v reflect.Value) (text string, plain bool) {
	switch x := v.Interface().(type) {
	case terminology.Coding:
		text := x.String()
		if x.Display != "" {
			text += " " + x.Display
		}
		return text, true
	case terminology.Release:
		return x.Name + " " + x.Date, true
	case []string:
		return strings.Join(x, ", "), true
	case fmt.Stringer:
		return x.String(), true
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Slice:
		return "", false
	}
	if v.IsZero() {
		return "", true
	}
	return fmt.Sprint(v.Interface()), true
}
