package rest

import "strconv"

// text returns a member of an object that has one value, "" for none.
func text(object map[string]any, key string) string {
	switch v := object[key].(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// objects returns a member of an object that is a list of objects.
func objects(object map[string]any, key string) []map[string]any {
	list, _ := object[key].([]any)
	var out []map[string]any
	for _, v := range list {
		if o, ok := v.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// texts returns a member of an object that is a list of texts.
func texts(object map[string]any, key string) []string {
	list, _ := object[key].([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
