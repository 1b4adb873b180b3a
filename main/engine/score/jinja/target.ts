import { Failure } from './failure.ts'
import type { Expression, Target } from './nodes.ts'

/** Takes what was read as an expression for what is assigned to. @throws Failure for anything but names and, with `fields`, fields */
export function asTarget(node: Expression, fields: boolean): Target {
  if (node.type === 'name') return { type: 'name', name: node.name, at: node.at }
  if (node.type === 'tuple') return { type: 'targets', targets: node.items.map((item) => asTarget(item, fields)), at: node.at }
  if (fields && node.type === 'attribute' && node.object.type === 'name')
    return { type: 'field', name: node.object.name, field: node.name, at: node.object.at }
  throw new Failure('only a name can be set', { offset: node.at })
}
