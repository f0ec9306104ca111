package resource

// NamingSystem is what a NamingSystem says besides its identity.
type NamingSystem struct {
	Kind      string // codesystem, identifier or root
	UniqueIDs []UniqueID
}

// UniqueID is one identity of a naming system.
type UniqueID struct {
	Type, Value string // oid, uuid, uri, other...
	Preferred   bool
}

func (n *NamingSystem) member(s *scanner, key string) {
	switch key {
	case "kind":
		n.Kind = s.str()
	case "uniqueId":
		s.array(func(int) {
			var u UniqueID
			s.object(func(key string) {
				switch key {
				case "type":
					u.Type = s.str()
				case "value":
					u.Value = s.str()
				case "preferred":
					u.Preferred = s.flag()
				}
			})
			n.UniqueIDs = append(n.UniqueIDs, u)
		})
	}
}

// Identity returns the URI that names the system, the preferred one before others,
// and its other names; an OID is bare.
func (n *NamingSystem) Identity() (uri string, aliases []string) {
	best := -1
	for i, u := range n.UniqueIDs {
		if u.Type == "uri" && (best < 0 || u.Preferred && !n.UniqueIDs[best].Preferred) {
			best = i
		}
	}
	for i, u := range n.UniqueIDs {
		if u.Value == "" || i == best {
			continue
		}
		switch u.Type {
		case "oid", "uri":
			aliases = append(aliases, trimOID(u.Value))
		}
	}
	if best >= 0 {
		uri = n.UniqueIDs[best].Value
	}
	return uri, aliases
}
