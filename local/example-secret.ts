/**
 * The secret of the example's rollback hook. The example makes one at each start unless the
 * environment has it, so its absence is no fault.
 */
export const exampleSecret = 'FLIGHT_DELAYS_HOOK_SECRET';
