export { visible } from '../analysis/visible';
