package tabular_test

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// objects counts the objects of a JSON array by the standard library; false when
// the text is no array of objects in UTF-8.
func objects(content string) (int, bool) {
	content = strings.TrimPrefix(content, "\ufeff")
	var list []map[string]json.RawMessage
	if !utf8.ValidString(content) || json.Unmarshal([]byte(content), &list) != nil || list == nil {
		return 0, false
	}
	for _, o := range list {
		if o == nil {
			return 0, false
		}
	}
	return len(list), true
}
