/** What the library's parser builds, typed: its package exports the parser but not the classes of its tree. */
export type Node =
  | Program
  | If
  | For
  | SetStatement
  | Macro
  | CallStatement
  | FilterStatement
  | Expression
  | { readonly type: 'Comment' }

export type Expression =
  | Identifier
  | Literal
  | StringLiteral
  | Sequence
  | ObjectLiteral
  | Member
  | Call
  | Binary
  | Unary
  | Filter
  | Select
  | Ternary
  | Slice
  | Keyword
  | Spread

interface Operator {
  readonly value: string
  readonly offset?: number
  readonly depth?: number
}

export interface Program {
  readonly type: 'Program'
  readonly body: readonly Node[]
}
interface If {
  readonly type: 'If'
  readonly test: Expression
  readonly body: readonly Node[]
  readonly alternate: readonly Node[]
}
export interface For {
  readonly type: 'For'
  readonly loopvar: Expression
  readonly iterable: Expression
  readonly body: readonly Node[]
  readonly defaultBlock: readonly Node[]
}
export interface SetStatement {
  readonly type: 'Set'
  readonly assignee: Expression
  readonly value: Expression | null
  readonly body: readonly Node[]
}
export type Parameter = Identifier | Keyword
export interface Macro {
  readonly type: 'Macro'
  readonly name: Identifier
  readonly args: readonly Parameter[]
  readonly body: readonly Node[]
}
export interface CallStatement {
  readonly type: 'CallStatement'
  readonly call: Call
  readonly callerArgs: readonly Parameter[] | null
  readonly body: readonly Node[]
}
interface FilterStatement {
  readonly type: 'FilterStatement'
  readonly filter: Identifier | Call
  readonly body: readonly Node[]
}
export interface Identifier {
  readonly type: 'Identifier'
  readonly value: string
}
interface Literal {
  readonly type: 'IntegerLiteral' | 'FloatLiteral'
  readonly value: number
}
interface StringLiteral {
  readonly type: 'StringLiteral'
  readonly value: string
}
interface Sequence {
  readonly type: 'ArrayLiteral' | 'TupleLiteral'
  readonly value: readonly Expression[]
}
interface ObjectLiteral {
  readonly type: 'ObjectLiteral'
  readonly value: ReadonlyMap<Expression, Expression>
}
export interface Member {
  readonly type: 'MemberExpression'
  readonly object: Expression
  readonly property: Expression
  readonly computed: boolean
}
export interface Call {
  readonly type: 'CallExpression'
  readonly callee: Expression
  readonly args: readonly Expression[]
}
export interface Binary {
  readonly type: 'BinaryExpression'
  readonly operator: Operator
  readonly left: Expression
  readonly right: Expression
}
interface Unary {
  readonly type: 'UnaryExpression'
  readonly operator: Operator
  readonly argument: Expression
}
export interface Filter {
  readonly type: 'FilterExpression'
  readonly operand: Expression
  readonly filter: Identifier | Call
}
interface Select {
  readonly type: 'SelectExpression'
  readonly lhs: Expression
  readonly test: Expression
}
interface Ternary {
  readonly type: 'Ternary'
  readonly condition: Expression
  readonly trueExpr: Expression
  readonly falseExpr: Expression
}
interface Slice {
  readonly type: 'SliceExpression'
  readonly start: Expression | undefined
  readonly stop: Expression | undefined
  readonly step: Expression | undefined
}
interface Keyword {
  readonly type: 'KeywordArgumentExpression'
  readonly key: Identifier
  readonly value: Expression
}
interface Spread {
  readonly type: 'SpreadExpression' | 'KeywordSpreadExpression'
  readonly argument: Expression
}

/** The parts of a node in the order they stand in the source. */
export function children(node: Node): readonly (Node | undefined)[] {
  switch (node.type) {
    case 'Program':
      return node.body
    case 'If':
      return [node.test, ...node.body, ...node.alternate]
    case 'For':
      return [node.loopvar, node.iterable, ...node.body, ...node.defaultBlock]
    case 'Set':
      return [node.assignee, node.value ?? undefined, ...node.body]
    case 'Macro':
      return [node.name, ...node.args, ...node.body]
    case 'CallStatement':
      return [...(node.callerArgs ?? []), node.call, ...node.body]
    case 'FilterStatement':
      return [node.filter, ...node.body]
    case 'ArrayLiteral':
    case 'TupleLiteral':
      return node.value
    case 'ObjectLiteral':
      return [...node.value].flat()
    case 'MemberExpression':
      return [node.object, node.property]
    case 'CallExpression':
      return [node.callee, ...node.args]
    case 'BinaryExpression':
      return [node.left, node.right]
    case 'UnaryExpression':
    case 'SpreadExpression':
    case 'KeywordSpreadExpression':
      return [node.argument]
    case 'FilterExpression':
      return [node.operand, node.filter]
    case 'SelectExpression':
      return [node.lhs, node.test]
    case 'Ternary':
      return [node.trueExpr, node.condition, node.falseExpr]
    case 'SliceExpression':
      return [node.start, node.stop, node.step]
    case 'KeywordArgumentExpression':
      return [node.key, node.value]
    default:
      return []
  }
}
