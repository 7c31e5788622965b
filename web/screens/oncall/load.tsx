import type { DigestDto } from '../../../http/api/dto/digest.ts';
import { useAnswer } from '../../data/answer.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';

const days = 28;
const most = 12;

/** How often each person was paged, and in how many nights. */
export function Load({ zone }: { zone: string }) {
  const answer = useAnswer<DigestDto>(`/api/digest?since=${days}d&timezone=${encodeURIComponent(zone)}`, () => false);
  return (
    <Shown answer={answer} what={`pages of ${days} days`} lines={5}>
      {({ people }) => {
        const shown = people.toSorted((a, b) => b.pages - a.pages).slice(0, most);
        const highest = Math.max(1, ...shown.map(({ pages }) => pages));
        return (
          <Panel title={`Pages in ${days} days`} end="nights with one">
            {shown.length === 0 ? (
              <p class="in dim">Nobody was paged.</p>
            ) : (
              <table class="load">
                <thead class="vh">
                  <tr>
                    <th scope="col">Person</th>
                    <th scope="col">Pages</th>
                    <th scope="col">Nights with a page</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map(({ person, pages, nights }) => (
                    <tr key={person}>
                      <td>{person.replace(/^(responder|channel)\//, '')}</td>
                      <td>
                        <span class="bar">
                          <i style={{ width: `${(100 * pages) / highest}%` }} />
                        </span>
                        <b>{pages}</b>
                      </td>
                      <td class="num dim">{nights === 0 ? '–' : `${nights} ${nights === 1 ? 'night' : 'nights'}`}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Panel>
        );
      }}
    </Shown>
  );
}
