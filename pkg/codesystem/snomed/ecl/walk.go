package ecl

import "iter"

// Walk calls visit for n and then, when visit returned true, for every part of it,
// in the order in which they are printed.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	for child := range children(n) {
		Walk(child, visit)
	}
}

// ConceptReferences returns every reference to a concept, in the order of the text:
// in foci, names and values of attributes, and filters.
func (e *Expression) ConceptReferences() iter.Seq[*ConceptReference] {
	return func(yield func(*ConceptReference) bool) {
		more := true
		Walk(e, func(n Node) bool {
			if r, ok := n.(*ConceptReference); ok && more {
				more = yield(r)
			}
			return more
		})
	}
}

// children returns the parts of a node.
func children(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		switch n := n.(type) {
		case *Expression:
			yield(n.Constraint)
		case *CompoundExpressionConstraint:
			each(yield, n.Operands)
		case *RefinedExpressionConstraint:
			_ = yield(n.Focus) && yield(n.Refinement)
		case *DottedExpressionConstraint:
			_ = yield(n.Focus) && each(yield, n.Attributes)
		case *SubExpressionConstraint:
			_ = yield(n.Focus) && each(yield, n.MemberFilters) && each(yield, n.Filters) &&
				n.History != nil && yield(n.History)
		case *Nested:
			yield(n.Constraint)
		case *Refinement:
			each(yield, n.Operands)
		case *AttributeSet:
			each(yield, n.Operands)
		case *AttributeGroup:
			yield(n.Set)
		case *Attribute:
			if v, ok := n.Value.(*SubExpressionConstraint); yield(n.Name) && ok {
				yield(v)
			}
		case *FilterConstraint:
			each(yield, n.Filters)
		case *TypeIDFilter:
			yield(n.Types)
		case *DialectFilter:
			each(yield, n.Dialects)
		case *Dialect:
			_ = (n.Refsets == nil || yield(n.Refsets)) && each(yield, n.AcceptabilityIDs)
		case *ModuleFilter:
			yield(n.Modules)
		case *DefinitionStatusIDFilter:
			yield(n.Statuses)
		case *MemberFieldFilter:
			if v, ok := n.Value.(*SubExpressionConstraint); ok {
				yield(v)
			}
		case *HistorySupplement:
			_ = n.Subset != nil && yield(n.Subset)
		}
	}
}

func each[T Node](yield func(Node) bool, all []T) bool {
	for _, n := range all {
		if !yield(n) {
			return false
		}
	}
	return true
}
