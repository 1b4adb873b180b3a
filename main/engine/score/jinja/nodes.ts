import type { Float } from './values.ts'

/** Where a node stands: index in the source of its name or operator. */
interface Placed {
  readonly at: number
}

export type Node = Text | Print | If | For | With | SetStatement | SetBlock | Macro | CallBlock | FilterBlock

export interface Text extends Placed {
  readonly type: 'text'
  readonly text: string
}
export interface Print extends Placed {
  readonly type: 'print'
  readonly value: Expression
}
export interface If extends Placed {
  readonly type: 'if'
  readonly test: Expression
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}
export interface For extends Placed {
  readonly type: 'for'
  readonly target: Target
  readonly source: Expression
  readonly test: Expression | null
  readonly recursive: boolean
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}
export interface With extends Placed {
  readonly type: 'with'
  readonly values: readonly (readonly [Target, Expression])[]
  readonly body: readonly Node[]
}
export interface SetStatement extends Placed {
  readonly type: 'set'
  readonly target: Target
  readonly value: Expression
}
export interface SetBlock extends Placed {
  readonly type: 'set block'
  readonly target: Target
  readonly filters: readonly FilterCall[]
  readonly body: readonly Node[]
}
/** What a macro and the body of a `call` have in common. */
export interface Signature extends Placed {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Which of `caller`, `varargs` and `kwargs` its body names: a macro takes surplus arguments only if it does. */
  readonly uses: ReadonlySet<string>
  readonly body: readonly Node[]
}
export interface Macro extends Signature {
  readonly type: 'macro'
}
export interface CallBlock extends Signature {
  readonly type: 'call block'
  readonly call: Call
}
export interface FilterBlock extends Placed {
  readonly type: 'filter block'
  readonly filters: readonly FilterCall[]
  readonly body: readonly Node[]
}

export interface Parameter extends Placed {
  readonly name: string
  readonly fallback: Expression | null
}

/** What can be assigned to: a name, a field of a namespace, or several of them. */
export type Target =
  | (Placed & { readonly type: 'name'; readonly name: string })
  | (Placed & { readonly type: 'field'; readonly name: string; readonly field: string })
  | (Placed & { readonly type: 'targets'; readonly targets: readonly Target[] })

export type Expression =
  | Constant
  | Name
  | Sequence
  | DictLiteral
  | Attribute
  | Item
  | Slice
  | Call
  | Filter
  | Test
  | Unary
  | Binary
  | Compare
  | Conditional
  | Comprehension

export interface Constant extends Placed {
  readonly type: 'constant'
  readonly value: null | boolean | number | string | Float
}
export interface Name extends Placed {
  readonly type: 'name'
  readonly name: string
}
export interface Sequence extends Placed {
  readonly type: 'list' | 'tuple'
  readonly items: readonly Expression[]
}
export interface DictLiteral extends Placed {
  readonly type: 'dict'
  readonly pairs: readonly (readonly [Expression, Expression])[]
}
export interface Attribute extends Placed {
  readonly type: 'attribute'
  readonly object: Expression
  readonly name: string
}
export interface Item extends Placed {
  readonly type: 'item'
  readonly object: Expression
  readonly key: Expression
}
export interface Slice extends Placed {
  readonly type: 'slice'
  readonly object: Expression
  readonly start: Expression | null
  readonly stop: Expression | null
  readonly step: Expression | null
}
export interface Given {
  readonly positional: readonly Expression[]
  readonly keywords: readonly (readonly [string, Expression])[]
  /** What follows `*` and `**`. */
  readonly rest: Expression | null
  readonly named: Expression | null
}
export interface Call extends Placed {
  readonly type: 'call'
  readonly callee: Expression
  readonly given: Given
}
export interface FilterCall extends Placed {
  readonly name: string
  readonly given: Given
}
export interface Filter extends FilterCall {
  readonly type: 'filter'
  readonly operand: Expression
}
export interface Test extends FilterCall {
  readonly type: 'test'
  readonly operand: Expression
  readonly negated: boolean
}
export interface Unary extends Placed {
  readonly type: 'unary'
  readonly operator: 'not' | '-' | '+'
  readonly operand: Expression
}
export interface Binary extends Placed {
  readonly type: 'binary'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
}
/** `a < b <= c`: each neighbour pair is compared, and each part is looked at once. */
export interface Compare extends Placed {
  readonly type: 'compare'
  readonly first: Expression
  readonly rest: readonly (Placed & { readonly operator: string; readonly right: Expression })[]
}
export interface Conditional extends Placed {
  readonly type: 'conditional'
  readonly test: Expression
  readonly then: Expression
  readonly otherwise: Expression | null
}
/** `f(x) for x in xs if x`: only in Python expressions. */
export interface Comprehension extends Placed {
  readonly type: 'comprehension'
  readonly element: Expression
  readonly target: Target
  readonly source: Expression
  readonly tests: readonly Expression[]
}
