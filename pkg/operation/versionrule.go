package operation

import "slices"

// UsedRule is a parameter that chose a version.
type UsedRule struct{ Name, Value string }

// ruleIndex finds rules for versions by what they are about, where there are many: a value
// set with thousands of includes would else read each of thousands of rules. Its maps are
// by the name of the parameter, and made when they are first asked for.
type ruleIndex struct {
	byURL    map[string]map[string]string // of the rule, by the URL that it names
	bySystem map[string]map[string]string // by the preferred URI of the code system that it names
	used     map[UsedRule]bool
}

// maxListed is how many rules are read one by one.
const maxListed = 8

// versionFor returns the version that the list of canonicals of a parameter gives for a URL:
// the first that names it.
func (s *snapshot) versionFor(list []string, name, url string) (version, rule string) {
	if len(list) > maxListed {
		if s.rules.byURL[name] == nil {
			s.rules.byURL = put(s.rules.byURL, name, indexed(list, func(url string) string { return url }))
		}
		rule = s.rules.byURL[name][url]
		_, version = splitCanonical(rule)
		return version, rule
	}
	for _, c := range list {
		if canonical, version := splitCanonical(c); canonical == url {
			return version, c
		}
	}
	return "", ""
}

// systemVersionFor is versionFor for a code system, which a rule may call by another of its
// names than who asks does.
func (s *snapshot) systemVersionFor(list []string, name, system string) (version, rule string) {
	if version, rule = s.versionFor(list, name, system); rule != "" {
		return version, rule
	}
	if len(list) > maxListed {
		uri, err := s.System(system)
		if err != nil {
			return "", ""
		}
		if s.rules.bySystem[name] == nil {
			s.rules.bySystem = put(s.rules.bySystem, name, indexed(list, func(url string) string {
				preferred, _ := s.System(url) // "" is no URI
				return preferred
			}))
		}
		rule = s.rules.bySystem[name][uri]
		_, version = splitCanonical(rule)
		return version, rule
	}
	for _, c := range list {
		if name, version := splitCanonical(c); s.sameSystem(name, system) {
			return version, c
		}
	}
	return "", ""
}

func put(m map[string]map[string]string, name string, list map[string]string) map[string]map[string]string {
	if m == nil {
		m = map[string]map[string]string{}
	}
	m[name] = list
	return m
}

// indexed returns canonicals by a key of their URL, of several the first.
func indexed(list []string, key func(url string) string) map[string]string {
	out := make(map[string]string, len(list))
	for _, c := range list {
		url, _ := splitCanonical(c)
		if k := key(url); k != "" {
			if _, ok := out[k]; !ok {
				out[k] = c
			}
		}
	}
	return out
}

// useRule notes that a rule chose a version.
func (s *snapshot) useRule(name, value string) {
	u := UsedRule{name, value}
	if len(s.usedRules) < maxListed {
		if !slices.Contains(s.usedRules, u) {
			s.usedRules = append(s.usedRules, u)
		}
		return
	}
	if s.rules.used == nil {
		s.rules.used = map[UsedRule]bool{}
		for _, x := range s.usedRules {
			s.rules.used[x] = true
		}
	}
	if !s.rules.used[u] {
		s.rules.used[u] = true
		s.usedRules = append(s.usedRules, u)
	}
}
