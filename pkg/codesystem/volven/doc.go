// Package volven reads the administrative code systems of the Norwegian health service
// (Volven), as their API gives them: one JSON object for each list.
//
// Each list is a code system of its own, whose number is the end of its OID, with the
// names that the list itself tells. The codes of a list that is no longer active are all
// inactive. What is said otherwise is what the list says, in its order.
//
// The package does not read rows: that is package table. It does not know which lists
// there are.
//
// list.go reads what an object says of its list, mapping.go gives what its codes say.
package volven
