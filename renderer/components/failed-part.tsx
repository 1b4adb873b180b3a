import { TriangleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

interface FailedProps {
  readonly title: string
  readonly message: string
  readonly onRetry: () => void
}

/** A part that failed, alone, with a way on. */
export function Failed({ title, message, onRetry }: FailedProps) {
  return (
    <div role="alert" className="h-full">
      <EmptyState
        icon={<TriangleAlert size={26} className="text-fail" aria-hidden="true" />}
        title={title}
        actions={<Button label="Try again" onPress={onRetry} />}
      >
        {message}
      </EmptyState>
    </div>
  )
}

interface PartProps {
  /** What this part is, for the sentence `… could not be shown`. */
  readonly name: string
  readonly children: ReactNode
}

/** Keeps a defect in one part of the window from taking the others with it. */
export class Part extends Component<PartProps, { readonly broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <Failed
        title={`${this.props.name} could not be shown`}
        message="This is a defect in the window. Jobs are not touched by it and go on."
        onRetry={() => this.setState({ broken: false })}
      />
    )
  }
}
