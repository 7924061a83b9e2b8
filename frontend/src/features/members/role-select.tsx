import type { Role } from '@/api/members';

import { PURPOSE, ROLES } from './roles';

interface Props {
  value: Role;
  onChange: (role: Role) => void;
  label: string;
  disabled?: boolean;
  id?: string;
}

/** Chooses a role; what it is for is said beside each. */
export function RoleSelect({ value, onChange, label, disabled = false, id }: Props) {
  return (
    <select
      className="input role-select"
      id={id}
      aria-label={label}
      title={PURPOSE[value]}
      value={value}
      disabled={disabled}
      data-testid="role"
      onChange={(event) => {
        const role = ROLES.find((each) => each === event.target.value);
        if (role) onChange(role);
      }}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {role}
        </option>
      ))}
    </select>
  );
}
